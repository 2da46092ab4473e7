package io.datamirror.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Starts the processes of a cluster as Flink's own scripts do: the memory that the configuration
 * gives a process is shared out here, since no process does that for itself.
 */
final class ProcessStarter {

  private final ClusterFiles files;
  private final FlinkHome home;
  private final Path java;
  private final List<String> options;
  private final Configuration configuration;

  ProcessStarter(
      ClusterFiles files,
      FlinkHome home,
      Path java,
      List<String> options,
      Configuration configuration) {
    this.files = files;
    this.home = home;
    this.java = java;
    this.options = List.copyOf(options);
    this.configuration = configuration;
  }

  void startJobManager(String name) {
    JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
    start(
        name,
        JobManagerProcessUtils.generateJvmParametersStr(memory, configuration),
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        JobManagerProcessUtils.generateDynamicConfigsStr(memory));
  }

  void startTaskManager(String name) {
    TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
    start(
        name,
        ProcessMemoryUtils.generateJvmParametersStr(memory),
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        TaskExecutorProcessUtils.generateDynamicConfigsStr(memory));
  }

  private void start(String name, String memory, String main, String dynamic) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    Collections.addAll(command, memory.strip().split("\\s+"));
    command.addAll(options);
    command.add("-Dlog.file=" + files.log().resolve(name + ".log"));
    command.add(files.loggingOption());
    command.add("-Dfile.encoding=UTF-8");
    Collections.addAll(command, "-cp", home.path(), main);
    Collections.addAll(command, "--configDir", files.conf().toString());
    Collections.addAll(command, dynamic.strip().split("\\s+"));
    Daemon.start(files.pids().resolve(name + ".pid"), command, files.log().resolve(name + ".out"));
  }
}
