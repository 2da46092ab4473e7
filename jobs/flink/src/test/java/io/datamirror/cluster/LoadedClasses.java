package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many class loaders of jobs the processes of a cluster hold. */
public final class LoadedClasses {

  private static final String JCMD =
      Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();

  private final Map<String, ProcessHandle> processes;

  public LoadedClasses(Map<String, ProcessHandle> processes) {
    this.processes = Map.copyOf(processes);
  }

  /** By process, the loaders that are left when everything that can go is gone. */
  public Map<String, Long> loaders() throws IOException, InterruptedException {
    Map<String, Long> loaders = new TreeMap<>();
    for (Map.Entry<String, ProcessHandle> process : processes.entrySet()) {
      jcmd(process.getValue(), "GC.run");
      long count =
          jcmd(process.getValue(), "VM.classloader_stats")
              .lines()
              .filter(line -> line.endsWith("ChildFirstClassLoader"))
              .count();
      loaders.put(process.getKey(), count);
    }
    return loaders;
  }

  private static String jcmd(ProcessHandle process, String command)
      throws IOException, InterruptedException {
    RealCluster.Output output =
        RealCluster.run(List.of(JCMD, String.valueOf(process.pid()), command), Map.of());
    assertThat(output.exitCode()).as(output.text()).isZero();
    return output.text();
  }
}
