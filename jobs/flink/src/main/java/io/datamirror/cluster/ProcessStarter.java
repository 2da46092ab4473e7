package io.datamirror.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Starts the processes of a cluster as Flink's own scripts do: the memory that the configuration
 * gives a process is shared out here, and the options of its Java are taken from there, since no
 * process does that for itself.
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
        words(JobManagerProcessUtils.generateJvmParametersStr(memory, configuration)),
        CoreOptions.FLINK_JM_JVM_OPTIONS,
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        words(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
  }

  void startTaskManager(String name) {
    TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
    start(
        name,
        words(ProcessMemoryUtils.generateJvmParametersStr(memory)),
        CoreOptions.FLINK_TM_JVM_OPTIONS,
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
  }

  private void start(
      String name,
      List<String> memory,
      ConfigOption<String> ownOptions,
      String main,
      List<String> dynamic) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(memory);
    command.addAll(options);
    // Of options that contradict each other Java takes the last.
    command.addAll(words(configuration.get(CoreOptions.FLINK_JVM_OPTIONS)));
    command.addAll(words(configuration.get(ownOptions)));
    command.add("-Dlog.file=" + files.log().resolve(name + ".log"));
    command.add(files.loggingOption());
    command.add("-Dfile.encoding=UTF-8");
    Collections.addAll(command, "-cp", home.path(), main);
    Collections.addAll(command, "--configDir", files.conf().toString());
    command.addAll(dynamic);
    Daemon.start(files.pids().resolve(name + ".pid"), command, files.log().resolve(name + ".out"));
  }

  private static List<String> words(String text) {
    return Stream.of(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
