package io.datamirror.bench;

import io.datamirror.bench.child.ChildMain;
import io.datamirror.bench.child.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Runs contenders over one source table, each in a fresh process of equal means. */
final class Runner {

  private final SourceTable source;
  private final Run run;
  private final Digest expected;
  private final ServerCpu server;

  /**
   * What is the same for all contenders.
   *
   * @param size rows and keys are those of all tables together
   * @param pace changes a second where they come at a pace
   * @param warmUpSeconds how long each runs at least before it is measured
   * @param heap of each process, as for -Xmx
   */
  record Run(
      Workload workload,
      Sweep.Point size,
      long pace,
      int warmUpSeconds,
      String heap,
      Path directory) {}

  Runner(SourceTable source, Run run) throws Exception {
    this.source = source;
    this.run = run;
    this.expected = source.expected();
    this.server = new ServerCpu(source.serverProcess());
  }

  Digest expected() {
    return expected;
  }

  Measurement measure(Contender contender) throws Exception {
    Path directory = Files.createTempDirectory(run.directory(), contender.id() + "-");
    try {
      Process process = start(contender, directory);
      double serverSeconds = supervise(process);
      if (process.waitFor() != 0) {
        throw new ContenderFailed(contender, tail(directory.resolve("output.log")));
      }
      return of(contender, () -> result(contender, directory, serverSeconds));
    } finally {
      Directories.empty(directory);
    }
  }

  /** What one contender left must not end the comparison of the others. */
  static Measurement of(Contender contender, Callable<Measurement> left) throws ContenderFailed {
    try {
      return left.call();
    } catch (Exception e) {
      throw new ContenderFailed(contender, e);
    }
  }

  private Process start(Contender contender, Path directory) throws IOException {
    Path order = directory.resolve("order.properties");
    try (Writer writer = Files.newBufferedWriter(order)) {
      order(contender, directory).store(writer, null);
    }
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx" + run.heap()));
    command.addAll(List.of("-XX:+UseParallelGC", "-Dfile.encoding=UTF-8", "-Duser.timezone=UTC"));
    // A compiler's thread that ends when it has nothing to do takes what it has used with it.
    command.add("-XX:-UseDynamicNumberOfCompilerThreads");
    command.add("-Dlog4j2.level=WARN");
    command.addAll(Opens.arguments());
    String extra = System.getenv().getOrDefault("MIRROR_BENCH_JAVA_OPTIONS", "").trim();
    if (!extra.isEmpty()) {
      command.addAll(Arrays.asList(extra.split("\\s+")));
    }
    command.addAll(
        List.of(
            "-cp", ClassPaths.of(contender.home()), ChildMain.class.getName(), order.toString()));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectError(directory.resolve("output.log").toFile())
        .start();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private Properties order(Contender contender, Path directory) {
    FlinkSql sql = new FlinkSql(run.workload(), source.url(), source.user());
    Properties order = new Properties();
    order.putAll(
        Map.of(
            "task", contender.task(run.workload()),
            "directory", directory.toString(),
            "workload", run.workload().name(),
            "warm-up", String.join(",", source.warmUp()),
            "measured", String.join(",", source.measured()),
            "filling", String.valueOf(filling()),
            "epoch-rows", String.valueOf(run.size().epochRows()),
            "pace", String.valueOf(run.pace()),
            "url", source.url(),
            "user", source.user()));
    order.setProperty("warm-up-seconds", String.valueOf(run.warmUpSeconds()));
    order.putAll(contender.order(sql));
    return order;
  }

  /** Lets the process begin and end when the database's CPU has been read. */
  private double supervise(Process process) throws IOException {
    double begin = Double.NaN;
    double end = Double.NaN;
    try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        OutputStream answer = process.getOutputStream()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.equals("bench:begin")) {
          begin = server.seconds();
          proceed(answer);
        } else if (line.equals("bench:end")) {
          end = server.seconds();
          proceed(answer);
        }
      }
      return end - begin;
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static void proceed(OutputStream answer) throws IOException {
    answer.write('\n');
    answer.flush();
  }

  private Measurement result(Contender contender, Path directory, double serverSeconds)
      throws IOException {
    Properties result = new Properties();
    try (Reader reader = Files.newBufferedReader(directory.resolve("result.properties"))) {
      result.load(reader);
    }
    Path lake = directory.resolve("measured");
    Outcome outcome = Outcome.of(contender, lake, run.workload(), run.size().tables(), result);
    return new Measurement(
        contender,
        run.size().rows() + filling() - Long.parseLong(result.getProperty("changes-before")),
        Double.parseDouble(result.getProperty("cpu-seconds")),
        Double.parseDouble(result.getProperty("compiling-seconds")),
        Double.parseDouble(result.getProperty("collecting-seconds")),
        serverSeconds,
        Double.parseDouble(result.getProperty("wall-seconds")),
        Long.parseLong(result.getProperty("peak-bytes")),
        outcome.written(),
        outcome.own(),
        expected.rows(),
        outcome.digest().rows(),
        figures(lake, outcome.digest().rows(), result),
        verdict(contender, outcome.digest()));
  }

  private long filling() {
    return run.workload().filling(run.size().keys(), run.size().fill());
  }

  /** What the child tells, and what only its table can tell. */
  private Map<String, Double> figures(Path lake, long found, Properties result) throws IOException {
    Map<String, Double> figures = new TreeMap<>();
    for (String name : result.stringPropertyNames()) {
      if (name.startsWith(Task.FIGURE)) {
        figures.put(
            name.substring(Task.FIGURE.length()), Double.parseDouble(result.getProperty(name)));
      }
    }
    if (run.workload() == Workload.W6) {
      figures.putAll(ReadCost.of(LakeTable.find(lake, "t"), found, lake.resolve("compacted")));
    }
    return figures;
  }

  private Measurement.Verdict verdict(Contender contender, Digest found) {
    if (!contender.mirrors() && run.workload() != Workload.W1) {
      return Measurement.Verdict.NO_MIRROR;
    }
    return found.equals(expected) ? Measurement.Verdict.RIGHT : Measurement.Verdict.WRONG;
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }
}
