package io.datamirror.bench;

import io.datamirror.bench.child.Meter;
import io.datamirror.bench.child.Order;
import io.datamirror.bench.child.Task;
import io.datamirror.job.JobSettings;
import io.datamirror.job.Launch;
import io.datamirror.job.MirrorJob;
import io.datamirror.job.Preparation;
import io.datamirror.source.SourceProgress;
import io.datamirror.source.SourceSettings;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.source.TableProgress;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The product as it is, from its spec to its last commit, with its own catalog. */
public final class MirrorTask implements Task {

  private final Order order;

  public MirrorTask(Order order) {
    this.order = order;
  }

  @Override
  public void run(String source, Path lake) throws Exception {
    Configuration settings = settings(order, lake);
    try (MiniCluster cluster = cluster(settings)) {
      cluster.start();
      JobID job =
          submit(cluster, settings, spec(order, source, lake), sourceSettings(order, source));
      CompletableFuture<JobResult> end = cluster.requestJobResult(job);
      if (streams(settings)) {
        Epochs.of(order)
            .end(
                cluster, job, end, () -> rowsRead(source, lake), startAfter(order.filling(source)));
      }
      end.get().toJobExecutionResult(MirrorTask.class.getClassLoader());
    }
  }

  /** Of several tables, each has its part in every epoch, as if all of them changed at once. */
  private static SourceSettings sourceSettings(Order order, String source) {
    int tables = source.split(",").length;
    SourceSettings usual = SourceSettings.of(Until.NOW);
    return tables == 1
        ? usual
        : usual.withChunkRows(Math.max(1, order.number("epoch-rows") / tables));
  }

  static boolean streams(Configuration settings) {
    return settings.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.STREAMING;
  }

  /** Begins the mirror of a spec. */
  static JobID submit(MiniCluster cluster, Configuration settings, String text, SourceSettings read)
      throws Exception {
    MirrorSpec spec = SpecReader.read(text);
    Launch launch = Preparation.prepare(spec, SecretSource.ofProcess());
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    new MirrorJob(launch, JobSettings.of(read.until()).withSource(read)).attachTo(env);
    return cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
  }

  /**
   * Starts the clocks when what was there before is read. What of it is not yet written counts:
   * that is to the mirror's disfavour.
   */
  private static Epochs.Looking startAfter(long filling) {
    return new Epochs.Looking() {
      private boolean filled = filling == 0;

      @Override
      public void at(long read) throws IOException {
        if (!filled && read >= filling) {
          filled = true;
          Meter.start(read);
        }
      }
    };
  }

  /** A name for each source and lake, so that what is read when warming up does not count. */
  private static String mirror(String source, Path lake) {
    return "bench-" + source.split(",")[0].replace('_', '-') + "-" + lake.getFileName();
  }

  /** How many rows the mirror of a source has read into a lake in this process. */
  static long rowsRead(String source, Path lake) {
    return SourceProgress.of(mirror(source, lake)).tables().stream()
        .mapToLong(TableProgress::rows)
        .sum();
  }

  /** What is alike for all that run on Flink, and then what a contender says. */
  static Configuration settings(Order order, Path lake) {
    Configuration settings = new Configuration();
    settings.set(RestOptions.BIND_PORT, "0");
    settings.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
    settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    settings.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, lake.resolve("checkpoints").toUri().toString());
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    for (String line : order.text("settings").split("\n")) {
      String[] setting = line.split("=", 2);
      settings.setString(setting[0].trim(), setting[1].trim());
    }
    return settings;
  }

  static MiniCluster cluster(Configuration settings) {
    return new MiniCluster(
        new MiniClusterConfiguration.Builder()
            .setConfiguration(settings)
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(1)
            .build());
  }

  /**
   * The spec of a mirror.
   *
   * @param source the tables to mirror, with commas between
   */
  static String spec(Order order, String source, Path lake) {
    StringBuilder spec =
        new StringBuilder(
            """
            mirror: %s
            source: { type: jdbc, url: "%s", user: "%s", settle: 0s,
                      poll-interval: 100ms, fetch-size: %d }
            lake:
              catalog: { type: jdbc, uri: "jdbc:sqlite:%s", warehouse: "%s" }
              namespace: bench
            tables:
            """
                .formatted(
                    mirror(source, lake),
                    order.text("url"),
                    order.text("user"),
                    FlinkSql.FETCH_ROWS,
                    lake.resolve("catalog.db"),
                    lake.resolve("lake")));
    String[] sources = source.split(",");
    for (int i = 0; i < sources.length; i++) {
      spec.append(table(sources[i], SourceTable.numbered("t", i)));
    }
    return spec.toString();
  }

  private static String table(String source, String name) {
    return """
        - name: %s
          source: public.%s
          feed: change-table
          primary-key: [id]
          version: [ver]
          operation: op
          cursor: seq
          columns: { exclude: [seq] }
        """
        .formatted(name, source)
        .indent(2);
  }
}
