package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import io.datamirror.bench.child.Task;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.source.SourceSettings;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The product as a stream, while its source grows: a table is filled part by part from the one that
 * is measured, and every new snapshot tells by its position which of the changes it holds.
 */
abstract class StreamedTask implements Task {

  private static final long LOOK_MILLIS = 5;

  /** No checkpoint of these sizes takes as long, and no start. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Order order;

  StreamedTask(Order order) {
    this.order = order;
  }

  final Order order() {
    return order;
  }

  /** Changes what Flink is told. */
  abstract void configure(Configuration settings);

  /** Fills the source; ends when all of it can be read. */
  abstract void drive(Stream stream) throws Exception;

  @Override
  public void run(String source, Path lake) throws Exception {
    Configuration settings = MirrorTask.settings(order, lake);
    configure(settings);
    String grows = source + "_grows";
    String spec = MirrorTask.spec(order, grows, lake);
    try (Connection connection =
            DriverManager.getConnection(order.text("url"), order.text("user"), "");
        MiniCluster cluster = MirrorTask.cluster(settings)) {
      cluster.start();
      long changes = prepare(connection, source, grows);
      JobID job = MirrorTask.submit(cluster, settings, spec, SourceSettings.of(Until.STOPPED));
      String insert =
          "INSERT INTO " + grows + " SELECT * FROM " + source + " WHERE seq > ? AND seq <= ?";
      try (PreparedStatement statement = connection.prepareStatement(insert);
          LakeCatalog catalog =
              LakeCatalog.open(SpecReader.read(spec).lake(), SecretSource.ofProcess())) {
        Running running =
            new Running(
                cluster, job, () -> MirrorTask.rowsRead(grows, lake), catalog.load("t"), statement);
        drive(new Stream(running, changes, PATIENCE));
      }
      cluster.cancelJob(job).get();
    }
  }

  private static long prepare(Connection connection, String source, String grows)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + grows);
      statement.execute("CREATE UNLOGGED TABLE " + grows + " (LIKE " + source + " INCLUDING ALL)");
      try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + source)) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** A mirror and the source that it reads, which can be made to grow. */
  interface Mirror {

    /** How many changes of the table that grows were read. */
    long read();

    /** Up to which number the changes can be read. */
    long readable() throws Exception;

    /** Adds the changes after number {@code from} up to {@code to}; how many these are. */
    int grow(long from, long to) throws SQLException;

    /** Ends an epoch; a checkpoint that fails is made up for by the next. */
    void checkpoint() throws Exception;

    /** Whether it will read nothing more. */
    boolean ended() throws Exception;
  }

  private record Running(
      MiniCluster cluster, JobID job, LongSupplier rowsRead, Table table, PreparedStatement insert)
      implements Mirror {

    @Override
    public long read() {
      return rowsRead.getAsLong();
    }

    @Override
    public long readable() {
      table.refresh();
      Snapshot snapshot = table.currentSnapshot();
      String position = snapshot == null ? null : snapshot.summary().get(LakeKeys.POSITION);
      return position == null || position.isEmpty() ? 0 : cursor(position);
    }

    /** A position ends with a digest of the row where it stands. */
    private static long cursor(String position) {
      return Long.parseLong(position.replaceFirst("~.*", ""));
    }

    @Override
    public int grow(long from, long to) throws SQLException {
      insert.setLong(1, from);
      insert.setLong(2, to);
      return insert.executeUpdate();
    }

    @Override
    public void checkpoint() throws Exception {
      cluster.triggerCheckpoint(job, CheckpointType.DEFAULT).exceptionally(failure -> -1L).get();
    }

    @Override
    public boolean ended() throws Exception {
      return cluster.getJobStatus(job).get().isGloballyTerminalState();
    }
  }

  /** What a mirror has come to; waits for more, but not for one that stands still. */
  static final class Stream {

    private final Mirror mirror;
    private final long changes;
    private final Duration patience;
    private long read;
    private long readable;
    private long movedNanos = System.nanoTime();

    /**
     * @param changes that the source has at the end
     * @param patience for how long nothing may be read and nothing become readable
     */
    Stream(Mirror mirror, long changes, Duration patience) {
      this.mirror = mirror;
      this.changes = changes;
      this.patience = patience;
    }

    Mirror mirror() {
      return mirror;
    }

    long changes() {
      return changes;
    }

    long read() {
      long now = mirror.read();
      movedIf(now != read);
      read = now;
      return now;
    }

    long readable() throws Exception {
      long now = mirror.readable();
      movedIf(now != readable);
      readable = now;
      return now;
    }

    private void movedIf(boolean moved) {
      if (moved) {
        movedNanos = System.nanoTime();
      }
    }

    /**
     * Waits a little before the next look; fails if the mirror has ended, or if it stands still.
     *
     * @param awaited for people
     */
    void pauseUntil(String awaited) throws Exception {
      if (mirror.ended()) {
        throw new IllegalStateException("the mirror has ended");
      }
      if (System.nanoTime() - movedNanos > patience.toNanos()) {
        throw new IllegalStateException(
            "the mirror stands still: nothing has moved for %d s while waiting until %s; %d of %d changes are read, %d can be read in the lake"
                .formatted(patience.toSeconds(), awaited, mirror.read(), changes, readable));
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  static void put(Properties result, String name, double value) {
    result.setProperty(FIGURE + name, Double.toString(value));
  }
}
