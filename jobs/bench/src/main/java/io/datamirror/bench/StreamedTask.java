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
import java.util.Properties;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The product as a stream, while its source grows: a table is filled part by part from the one that
 * is measured, and every new snapshot tells by its position which of the changes it holds.
 */
abstract class StreamedTask implements Task {

  private static final long LOOK_MILLIS = 5;

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
        drive(
            new Stream(
                cluster,
                job,
                () -> MirrorTask.rowsRead(grows, lake),
                catalog.load("t"),
                statement,
                changes));
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

  /** A running mirror and the source that it reads. */
  static final class Stream {

    private final MiniCluster cluster;
    private final JobID job;
    private final LongSupplier read;
    private final Table table;
    private final PreparedStatement insert;
    private final long changes;

    private Stream(
        MiniCluster cluster,
        JobID job,
        LongSupplier read,
        Table table,
        PreparedStatement insert,
        long changes) {
      this.cluster = cluster;
      this.job = job;
      this.read = read;
      this.table = table;
      this.insert = insert;
      this.changes = changes;
    }

    MiniCluster cluster() {
      return cluster;
    }

    JobID job() {
      return job;
    }

    /** How many changes of the table that grows were read. */
    long read() {
      return read.getAsLong();
    }

    /** How many changes the source has at the end. */
    long changes() {
      return changes;
    }

    /** Adds the changes after number {@code from} up to {@code to}; how many these are. */
    int grow(long from, long to) throws SQLException {
      insert.setLong(1, from);
      insert.setLong(2, to);
      return insert.executeUpdate();
    }

    /** Up to which number the changes can be read. */
    long readable() throws Exception {
      table.refresh();
      Snapshot snapshot = table.currentSnapshot();
      String position = snapshot == null ? null : snapshot.summary().get(LakeKeys.POSITION);
      return position == null || position.isEmpty() ? 0 : cursor(position);
    }

    /** A position ends with a digest of the row where it stands. */
    private static long cursor(String position) {
      return Long.parseLong(position.replaceFirst("~.*", ""));
    }

    /** Waits a little before the next look; fails if the mirror has ended. */
    void pause() throws Exception {
      if (cluster.getJobStatus(job).get().isGloballyTerminalState()) {
        throw new IllegalStateException("the mirror has ended");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  static void put(Properties result, String name, double value) {
    result.setProperty(FIGURE + name, Double.toString(value));
  }
}
