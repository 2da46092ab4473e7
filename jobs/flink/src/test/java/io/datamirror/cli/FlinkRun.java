package io.datamirror.cli;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.client.program.StreamContextEnvironment;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.DefaultExecutorServiceLoader;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What {@code flink run} lays around a main method, inside of a test: the environment is Flink's,
 * and whoever executes a job waits for it. The job itself runs in this process.
 */
public final class FlinkRun extends StreamExecutionEnvironment {

  private FlinkRun() {}

  /** Runs a command line that was submitted with these settings. */
  public static Cli.Result cli(Map<String, String> settings, String... arguments) {
    return with(settings, () -> Cli.run(arguments));
  }

  /** Does something where a job would be submitted with these settings. */
  static <T> T with(Map<String, String> settings, Supplier<T> work) {
    initializeContextEnvironment(
        asked -> {
          Configuration all = new Configuration();
          all.set(DeploymentOptions.TARGET, "local");
          all.set(DeploymentOptions.ATTACHED, true);
          all.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
          all.addAll(Configuration.fromMap(settings));
          all.addAll(asked);
          return new StreamContextEnvironment(
              new DefaultExecutorServiceLoader(),
              all,
              FlinkRun.class.getClassLoader(),
              false,
              true);
        });
    try {
      return work.get();
    } finally {
      resetContextEnvironment();
    }
  }
}
