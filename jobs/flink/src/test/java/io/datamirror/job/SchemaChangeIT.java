package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.datamirror.source.SourceSettings.Until;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns of a source change under a running job. */
class SchemaChangeIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path directory;

  @Test
  void new_columns_arrive_and_a_stopped_table_stops_no_other() throws Exception {
    String url = "jdbc:h2:mem:changing;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000";
    try (Load load = new Load(url, 5);
        Connection source = DriverManager.getConnection(url);
        Cluster cluster = new Cluster()) {
      load.write(200);
      JobID job = cluster.submit(TestMirror.job(url, directory, Until.STOPPED), Cluster.settings());
      try (Lake lake = new Lake(directory)) {
        awaitRead(load, lake, Set.of(0, 1, 2, 3));

        run(
            source,
            "ALTER TABLE T0_CHANGES ADD COLUMN CITY VARCHAR(20)",
            "ALTER TABLE T1_CHANGES ALTER COLUMN PLACE SET DATA TYPE VARCHAR(5)",
            "INSERT INTO T0_CHANGES (OP, ID, VERSION, CONTENT, PLACE, CITY) VALUES ('u', 1000000, 1,"
                + " 'new', 1, 'Bern')");
        load.write(50);
        awaitRead(load, lake, Set.of(0, 2, 3));
        cluster.killTaskManager();
        run(
            source,
            "INSERT INTO T0_CHANGES (OP, ID, VERSION, CONTENT, PLACE, CITY) VALUES ('u', 1000000, 2,"
                + " 'newer', 1, 'Rome')");
        awaitRead(load, lake, Set.of(0));

        Record row =
            lake.records("t0").stream()
                .filter(found -> found.getField("ID").equals(1_000_000L))
                .findFirst()
                .orElseThrow();
        assertThat(row.getField("CITY")).isEqualTo("Rome");
        assertThat(lake.rows("t0")).hasSize(load.expected(0).size() + 1);
        assertThat(lake.rows("t2")).isEqualTo(load.expected(2));
        assertThat(lake.rows("t3")).isEqualTo(load.expected(3));
        await().atMost(PATIENCE).until(() -> stopped(lake, "t1") != null);
        assertThat(stopped(lake, "t1"))
            .startsWith("MIRROR-4051 t1.PLACE: its type was int and is string.");
        assertThat(cluster.status(job)).isEqualTo(JobStatus.RUNNING);
        cluster.cancel(job);
      }
    }
  }

  /** Waits until everything that stands in the source is in the lake. */
  private static void awaitRead(Load load, Lake lake, Set<Integer> tables) {
    for (int table : tables) {
      await("position of t" + table)
          .atMost(PATIENCE)
          .until(() -> lake.position("t" + table) == load.head(table));
    }
  }

  /** Why a table is not read on; null if it is. */
  private static String stopped(Lake lake, String table) {
    return lake.table(table).properties().get("data-mirror.stopped");
  }

  private static void run(Connection source, String... statements) throws SQLException {
    try (Statement statement = source.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
