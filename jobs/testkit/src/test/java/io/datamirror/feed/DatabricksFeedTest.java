package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.change.Operation;
import io.datamirror.databricks.DatabricksStandin;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.spec.ColumnsSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the change data feed of real Delta tables becomes, through the real driver. */
class DatabricksFeedTest {

  private static Delta delta;

  @BeforeAll
  static void start() throws SQLException {
    delta = new Delta("feed");
  }

  @AfterAll
  static void close() throws SQLException {
    delta.close();
  }

  /** A table of two columns with three rows, all of them of version 1. */
  private static Feed table(String name) throws SQLException {
    delta.create(name, "id BIGINT NOT NULL, v STRING");
    delta.run("INSERT INTO " + delta.name(name) + " VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    return delta.feed(name, "id");
  }

  /** The table as the mirror has it after the changes since {@code start} is the table itself. */
  private static void assertMirrored(String name, Feed feed, Position start) throws SQLException {
    DeltaMirror mirror = new DeltaMirror("id");
    mirror.apply(delta.snapshot(feed, start));
    mirror.apply(delta.changes(feed, start));
    assertThat(mirror.rows())
        .containsExactlyInAnyOrderElementsOf(delta.run("SELECT * FROM " + delta.name(name)));
  }

  @Test
  void texts_are_cut_and_ordered_by_the_warehouse() throws SQLException {
    delta.create("texts", "id STRING NOT NULL, v INT");
    delta.run(
        "INSERT INTO "
            + delta.name("texts")
            + " SELECT concat('k\\'?\\\\', id), 1 FROM range(500)");
    Feed feed = delta.feed("texts", "id");
    List<Chunk> chunks = feed.snapshotChunks(delta.connection(), delta.start(feed), 100);
    Collected rows = new Collected(feed.layout());
    Reads.read(delta.connection(), feed, chunks, rows);

    assertThat(chunks).hasSizeGreaterThan(3);
    assertThat(rows.values("id")).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void a_reader_goes_on_behind_the_last_row_that_it_delivered() throws SQLException {
    Feed feed = table("resumed");
    Position start = delta.start(feed);
    delta.run(
        "UPDATE " + delta.name("resumed") + " SET v = 'x'",
        "UPDATE " + delta.name("resumed") + " SET v = 'y'");
    Window window = Reads.next(delta.connection(), feed, start).orElseThrow();
    Collected all = delta.changes(feed, start);
    Collected piecewise = new Collected(feed.layout());
    for (Chunk chunk : feed.chunks(delta.connection(), window, Reads.MANY)) {
      ReadingTest.resumeUntilEnd(delta.connection(), feed, chunk, 1, piecewise);
    }

    assertThat(all.size()).isEqualTo(6);
    assertThat(piecewise.changes()).containsExactlyInAnyOrderElementsOf(all.changes());
  }

  @Test
  void of_an_update_only_the_new_row_counts() throws SQLException {
    Feed feed = table("updated");
    Position start = delta.start(feed);
    delta.run("UPDATE " + delta.name("updated") + " SET v = 'x' WHERE id = 1");

    assertThat(delta.changes(feed, start).changes())
        .extracting(Collected.Change::operation)
        .containsExactly(Operation.UPSERT);
    assertMirrored("updated", feed, start);
  }

  @Test
  void truncating_overwriting_merging_and_restoring_are_changes_like_all_others()
      throws SQLException {
    Feed feed = table("rewritten");
    String name = delta.name("rewritten");
    Position start = delta.start(feed);
    delta.run(
        "INSERT OVERWRITE " + name + " VALUES (2, 'b'), (3, 'over'), (4, 'd')",
        "MERGE INTO "
            + name
            + " t USING (SELECT * FROM VALUES (2, 'm'), (9, 'n') AS s(id, v)) s"
            + " ON s.id = t.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
            + " WHEN NOT MATCHED BY SOURCE AND t.id = 4 THEN DELETE");
    assertMirrored("rewritten", feed, start);
    delta.run("TRUNCATE TABLE " + name, "RESTORE TABLE " + name + " TO VERSION AS OF 2");
    assertMirrored("rewritten", feed, start);
  }

  @Test
  void versions_without_rows_move_the_position_on() throws SQLException {
    Feed feed = table("maintained");
    Position start = delta.start(feed);
    delta.run(
        "ALTER TABLE " + delta.name("maintained") + " SET TBLPROPERTIES ('a' = 'b')",
        "OPTIMIZE " + delta.name("maintained"),
        "VACUUM " + delta.name("maintained"));
    Window window = Reads.next(delta.connection(), feed, start).orElseThrow();

    assertThat(Delta.version(window.to())).isGreaterThan(Delta.version(start) + 1);
    assertThat(feed.chunks(delta.connection(), window, Reads.MANY)).isEmpty();
  }

  @Test
  void nothing_new_is_no_window() throws SQLException {
    Feed feed = table("idle");
    Position start = delta.start(feed);

    assertThat(Reads.next(delta.connection(), feed, start)).isEmpty();
    assertThat(feed.head(delta.connection(), start)).isEqualTo(start);
  }

  @Test
  void a_settling_time_keeps_versions_back() throws SQLException {
    Feed feed = table("settling");
    Position start = delta.start(feed);
    delta.run("INSERT INTO " + delta.name("settling") + " VALUES (4, 'd')");
    Observed seen = Reads.observe(delta.connection(), feed, start);

    assertThat(feed.nextWindow(delta.connection(), start, seen, Duration.ofHours(1).toMillis()))
        .isEmpty();
    assertThat(feed.nextWindow(delta.connection(), start, seen, 1)).isPresent();
  }

  @Test
  void the_key_is_found_in_the_order_in_which_it_was_declared() throws SQLException {
    delta.create("keyed", "a INT NOT NULL, b STRING NOT NULL, c INT");
    delta.run("ALTER TABLE " + delta.name("keyed") + " ADD CONSTRAINT pk PRIMARY KEY (b, a)");
    Feed feed = delta.feed("keyed");

    assertThat(feed.layout().key().stream().map(feed.layout().columns()::get))
        .extracting(column -> column.source())
        .containsExactly("b", "a");
  }

  @Test
  void a_table_without_a_key_needs_one_in_the_spec() {
    delta.create("keyless", "a INT");

    assertThat(problem(() -> delta.feed("keyless"))).contains("MIRROR-1020", "primary-key: [id]");
  }

  @Test
  void names_are_quoted_wherever_they_stand() throws SQLException {
    delta.create(
        "names_1",
        "`order` BIGINT NOT NULL, `a``b` STRING, `it's \\ \"` INT",
        "'delta.columnMapping.mode' = 'name'");
    Feed feed = delta.feed("names_1", "order");
    Position start = delta.start(feed);
    delta.run("INSERT INTO " + delta.name("names_1") + " VALUES (1, 'x', 2)");

    assertThat(delta.changes(feed, start).rows())
        .containsExactly(Map.of("order", 1L, "a`b", "x", "it's \\ \"", 2));
  }

  @Test
  void an_added_column_is_null_in_older_rows_and_is_not_read_before_it_is_resolved()
      throws SQLException {
    Feed feed = table("grown");
    Position start = delta.start(feed);
    delta.run(
        "INSERT INTO " + delta.name("grown") + " VALUES (4, 'd')",
        "ALTER TABLE " + delta.name("grown") + " ADD COLUMN w INT",
        "INSERT INTO " + delta.name("grown") + " VALUES (5, 'e', 6)");

    assertThat(delta.changes(feed, start).rows())
        .containsExactlyInAnyOrder(Map.of("id", 4L, "v", "d"), Map.of("id", 5L, "v", "e"));
    Feed wider = delta.feed("grown", "id");
    assertThat(delta.changes(wider, start).values("w")).containsExactlyInAnyOrder(null, 6);
  }

  @Test
  void a_window_over_a_change_of_the_schema_is_split_and_nothing_of_it_is_skipped()
      throws SQLException {
    delta.create(
        "mapped", "id BIGINT NOT NULL, v STRING, gone INT", "'delta.columnMapping.mode' = 'name'");
    Feed feed =
        delta.feed(
            delta.spec(
                "mapped",
                new ColumnsSpec(List.of("id", "v"), List.of(), Map.of(), Map.of()),
                "id"));
    Position start = delta.start(feed);
    for (int i = 0; i < 5; i++) {
      delta.run("INSERT INTO " + delta.name("mapped") + " VALUES (" + i + ", 'x', 1)");
    }
    delta.run("ALTER TABLE " + delta.name("mapped") + " DROP COLUMN gone");
    for (int i = 5; i < 9; i++) {
      delta.run("INSERT INTO " + delta.name("mapped") + " VALUES (" + i + ", 'x')");
    }

    List<Long> ids = new ArrayList<>();
    int windows = 0;
    Position last = start;
    for (var next = Reads.next(delta.connection(), feed, last);
        next.isPresent();
        next = Reads.next(delta.connection(), feed, last)) {
      Window window = next.get();
      List<Chunk> chunks = null;
      while (chunks == null) {
        try {
          chunks = feed.chunks(delta.connection(), window, Reads.MANY);
        } catch (SQLException e) {
          window = feed.narrower(window).orElseThrow();
        }
      }
      Collected changes = new Collected(feed.layout());
      Reads.read(delta.connection(), feed, chunks, changes);
      changes.values("id").forEach(id -> ids.add((Long) id));
      last = window.to();
      windows++;
    }

    assertThat(windows).isGreaterThan(1);
    assertThat(ids).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void a_table_that_was_replaced_is_another_one() throws SQLException {
    Feed feed = table("replaced");
    Position start = delta.start(feed);
    delta.run(
        "CREATE OR REPLACE TABLE "
            + delta.name("replaced")
            + " (id BIGINT NOT NULL, v STRING) USING delta TBLPROPERTIES"
            + " (delta.enableChangeDataFeed = true)");

    assertRecreated(feed, start);
  }

  private static void assertRecreated(Feed feed, Position last) {
    MirrorException error =
        catchThrowableOfType(
            MirrorException.class, () -> Reads.next(delta.connection(), feed, last));
    assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_TABLE_RECREATED);
  }

  @Test
  void a_table_without_the_feed_tells_how_to_turn_it_on() throws SQLException {
    delta.run("CREATE TABLE " + delta.name("plain") + " (id BIGINT NOT NULL) USING delta");
    Feed feed = delta.feed("plain", "id");

    Tracking tracking = feed.tracking(delta.connection()).orElseThrow();
    MirrorException error =
        catchThrowableOfType(
            MirrorException.class, () -> feed.head(delta.connection(), Position.BEGINNING));

    assertThat(tracking.state()).isEqualTo(Tracking.State.OFF);
    assertThat(tracking.enable())
        .isEqualTo(
            "ALTER TABLE `spark_catalog`.`feed`.`plain` SET TBLPROPERTIES"
                + " (delta.enableChangeDataFeed = true);");
    assertThat(error.code()).isEqualTo(ErrorCode.TRACKING_OFF);
    delta.run(tracking.enable().replace(";", ""));
    assertThat(feed.tracking(delta.connection()).orElseThrow().state())
        .isEqualTo(Tracking.State.ON);
  }

  @Test
  void retention_is_that_of_the_files_or_of_the_log_whichever_is_shorter() throws SQLException {
    Feed feed = table("kept");
    assertThat(feed.tracking(delta.connection()).orElseThrow().retention())
        .contains(Duration.ofDays(7));

    delta.run(
        "ALTER TABLE "
            + delta.name("kept")
            + " SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 40 days',"
            + " 'delta.logRetentionDuration' = 'interval 3 weeks')");
    assertThat(feed.tracking(delta.connection()).orElseThrow().retention())
        .contains(Duration.ofDays(21));
  }

  @Test
  void a_table_that_is_no_delta_table_has_no_feed() throws SQLException {
    delta.run("CREATE TABLE " + delta.name("parquet") + " (id BIGINT) USING parquet");

    MirrorException error =
        catchThrowableOfType(MirrorException.class, () -> delta.feed("parquet", "id"));
    assertThat(error.code()).isEqualTo(ErrorCode.NO_CHANGE_FEED);
  }

  @Test
  void a_table_that_is_not_there_is_said_to_be_missing() {
    assertThat(problem(() -> delta.feed("nowhere", "id"))).contains("MIRROR-1025");
  }

  private interface Resolving {
    void run() throws SQLException;
  }

  private static String problem(Resolving resolving) {
    ProblemsException problems = catchThrowableOfType(ProblemsException.class, resolving::run);
    return problems.problems().stream().map(Problem::toString).toList().toString();
  }

  @Test
  void the_catalog_of_the_stand_in_is_named_in_every_statement() throws SQLException {
    Feed feed = table("whole");
    String name = "`" + DatabricksStandin.CATALOG + "`.`feed`.`whole`";
    assertThat(feed.statements())
        .contains(
            "DESCRIBE TABLE " + name,
            "DESCRIBE HISTORY " + name,
            "DESCRIBE HISTORY " + name + " LIMIT 1",
            "SELECT `id`, `v`, 0, CAST(NULL AS BIGINT), `id` AS `mirror_key_0` FROM "
                + name
                + " WHERE 1 = 0")
        .filteredOn(sql -> sql.contains("whole"))
        .allMatch(sql -> sql.contains(name));
  }

  @Test
  void whether_a_table_may_be_read_is_tried_without_reading_it() throws SQLException {
    Feed feed = table("tried");
    feed.probe(delta.connection());
    delta.run("DROP TABLE " + delta.name("tried"));

    assertThat(catchThrowableOfType(MirrorException.class, () -> feed.probe(delta.connection())))
        .hasMessageStartingWith("MIRROR-1025 mirrored: ");
  }
}
