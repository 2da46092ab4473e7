package io.datamirror.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoTable;
import io.datamirror.error.MirrorException;
import io.datamirror.error.ProblemsException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of a source in Flink SQL, read by queries in this process. */
class MirrorTableTest {

  private static final List<DemoTable> TABLES =
      List.of(DemoTable.COUNTRIES, DemoTable.REGIONS, DemoTable.AIRPORT_FREQUENCIES);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"straight, row, streaming", "shuffled, key, streaming", "shuffled, key, batch"})
  void the_history_of_the_airports_becomes_the_expected_tables(
      String order, String deletes, String mode) throws Exception {
    Airports airports = new Airports(directory);
    TableEnvironment sql = environment(mode, settings());
    sql.executeSql(airports.lake());
    sql.executeSql("CREATE DATABASE IF NOT EXISTS lake.airports");
    StatementSet inserts = sql.createStatementSet();
    for (DemoTable table : TABLES) {
      airports.fill(
          table, order.equals("straight") ? DemoOrder.asItHappened() : DemoOrder.shuffled(42));
      sql.executeSql(airports.source(table, deletes));
      sql.executeSql(Airports.target(table));
      inserts.addInsertSql(
          "INSERT INTO lake.airports.%1$s SELECT * FROM %1$s".formatted(table.lakeName()));
    }

    inserts.execute().await(5, TimeUnit.MINUTES);

    for (DemoTable table : TABLES) {
      assertThat(airports.check(table).differing()).as(table.lakeName()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"key, true", "row, false"})
  void rows_are_remembered_for_a_sink_unless_deletes_hold_them(String deletes, boolean remembered)
      throws Exception {
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(new Shop().orders("'deletes' = '" + deletes + "'"));
    sql.executeSql(
        "CREATE TEMPORARY TABLE kept (id BIGINT, amount DECIMAL(10, 2), PRIMARY KEY (id) NOT"
            + " ENFORCED) WITH ('connector' = 'blackhole')");

    String plan =
        sql.explainSql(
            "INSERT INTO kept SELECT id, amount FROM orders", ExplainDetail.CHANGELOG_MODE);

    assertThat(plan.contains("ChangelogNormalize")).isEqualTo(remembered);
  }

  @Test
  void a_compiled_plan_may_scan_a_table_twice() throws Exception {
    Shop shop = new Shop();
    shop.write("u", 1, 5, "5.00", "2026-01-01 00:00:00");
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(shop.orders("'order' = 'SEQ', 'until' = 'now'"));
    StatementSet inserts = sql.createStatementSet();
    for (String deletes : List.of("row", "key")) {
      sql.executeSql(
          ("CREATE TEMPORARY TABLE %s_kept (id BIGINT, amount DECIMAL(10, 2), PRIMARY KEY (id) NOT"
                  + " ENFORCED) WITH ('connector' = 'blackhole')")
              .formatted(deletes));
      inserts.addInsertSql(
          "INSERT INTO %1$s_kept SELECT id, amount FROM orders /*+ OPTIONS('deletes' = '%1$s') */"
              .formatted(deletes));
    }

    inserts.compilePlan().execute().await(2, TimeUnit.MINUTES);
  }

  @Test
  void metadata_tells_version_order_operation_position_and_time() throws Exception {
    Shop shop = new Shop();
    shop.write("u", 7, 1, "10.50", "2026-01-02 03:04:05.678901");
    shop.write("u", 7, 2, "11.00", "2026-01-02 03:04:06");
    TableEnvironment sql = environment("batch", settings());
    sql.executeSql(
        shop.orders(
            """
            version STRING METADATA VIRTUAL,
            `order` STRING METADATA VIRTUAL,
            operation STRING METADATA VIRTUAL,
            `position` STRING METADATA VIRTUAL,
            happened TIMESTAMP_LTZ(3) METADATA FROM 'time' VIRTUAL,
            """,
            "'order' = 'SEQ', 'timestamp' = 'HAPPENED', 'on-bad-row' = 'skip'"));

    assertThat(rows(sql, "SELECT id, amount, version, `order`, operation FROM orders"))
        .containsExactly(Row.of(7L, new BigDecimal("11.00"), "2", "2", "u"));
    assertThat(rows(sql, "SELECT `position` LIKE '2~%' FROM orders")).containsExactly(Row.of(true));
    assertThat(rows(sql, "SELECT happened = TIMESTAMP '2026-01-02 03:04:06' FROM orders"))
        .containsExactly(Row.of(true));
  }

  @Test
  void the_watermark_of_the_source_closes_windows() throws Exception {
    Shop shop = new Shop();
    shop.write("u", 1, 1, "1.00", "2026-01-02 03:00:01");
    shop.write("u", 2, 2, "2.00", "2026-01-02 03:00:02");
    shop.write("u", 3, 3, "4.00", "2026-01-02 04:00:00");
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(
        shop.orders(
            "at3 AS CAST(HAPPENED AS TIMESTAMP_LTZ(3)), WATERMARK FOR at3 AS SOURCE_WATERMARK(),",
            "'timestamp' = 'HAPPENED'"));

    // A query that ends closes all windows by itself.
    try (CloseableIterator<Row> windows =
        sql.executeSql(
                """
                SELECT CAST(window_start AS STRING), SUM(amount)
                FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(at3), INTERVAL '1' MINUTE))
                GROUP BY window_start, window_end
                """)
            .collect()) {
      Row first = CompletableFuture.supplyAsync(windows::next).get(2, TimeUnit.MINUTES);

      assertThat(first).isEqualTo(Row.of("2026-01-02 03:00:00.000", new BigDecimal("3.00")));
    }
  }

  @Test
  void a_query_goes_on_from_its_savepoint_and_knows_what_it_knew() throws Exception {
    Shop shop = new Shop();
    shop.write("u", 1, 5, "5.00", "2026-01-01 00:00:00");
    shop.write("u", 2, 5, "5.00", "2026-01-01 00:00:00");
    shop.write("d", 2, 6, null, "2026-01-01 00:00:00");
    shop.write("u", 3, 5, "5.00", "2026-01-01 00:00:00");
    Collected.clear();
    JobClient first = insert(shop, "", settings());
    Awaitility.await().atMost(2, TimeUnit.MINUTES).until(() -> Collected.size() >= 4);
    String savepoint = stop(first);
    Collected.clear();
    shop.write("u", 1, 4, "4.00", "2026-01-01 00:00:00");
    shop.write("u", 2, 4, "4.00", "2026-01-01 00:00:00");
    shop.write("u", 3, 5, "5.00", "2026-01-01 00:00:00");
    shop.write("u", 1, 6, "6.00", "2026-01-01 00:00:00");

    Configuration settings = settings();
    settings.setString("execution.state-recovery.path", savepoint);
    JobClient second = insert(shop, "", settings);
    Awaitility.await().atMost(2, TimeUnit.MINUTES).until(() -> Collected.size() >= 1);
    second.cancel().get(1, TimeUnit.MINUTES);

    assertThat(Collected.rows()).containsExactly("+U[1, 6.00]");
  }

  @Test
  void a_savepoint_by_another_law_is_refused() throws Exception {
    Shop shop = new Shop();
    shop.write("u", 1, 5, "5.00", "2026-01-01 00:00:00");
    Collected.clear();
    JobClient first = insert(shop, "", settings());
    Awaitility.await().atMost(2, TimeUnit.MINUTES).until(() -> Collected.size() >= 1);
    String savepoint = stop(first);
    shop.retypeVersion();
    shop.write("u", 1, 6, "6.00", "2026-01-01 00:00:00");

    Configuration settings = settings();
    settings.setString("execution.state-recovery.path", savepoint);
    Throwable refused =
        catchThrowable(
            () -> insert(shop, "", settings).getJobExecutionResult().get(2, TimeUnit.MINUTES));

    assertThat(ExceptionUtils.findThrowable(refused, MirrorException.class))
        .hasValueSatisfying(
            error ->
                assertThat(error)
                    .hasMessageStartingWith(
                        "MIRROR-3005 orders: the savepoint remembers its rows by another law (key")
                    .hasMessageEndingWith(
                        "Start the query without the savepoint, into an empty table."));
  }

  @Test
  void a_query_until_now_that_goes_on_from_its_savepoint_ends_at_the_now_of_its_start()
      throws Exception {
    Shop shop = new Shop();
    shop.countQueries();
    shop.write("u", 1, 1, "1.00", "2026-01-01 00:00:00");
    Collected.clear();
    JobClient first = insert(shop, "'until' = 'now', 'settle' = '1h'", settings());
    Awaitility.await().atMost(2, TimeUnit.MINUTES).until(() -> shop.queries("SELECT MAX(") > 0);
    String savepoint = stop(first);
    assertThat(Collected.rows()).isEmpty();
    shop.write("u", 1, 2, "2.00", "2026-01-01 00:00:00");
    shop.write("u", 2, 1, "3.00", "2026-01-01 00:00:00");

    Configuration settings = settings();
    settings.setString("execution.state-recovery.path", savepoint);
    JobClient second = insert(shop, "'until' = 'now'", settings);
    second.getJobExecutionResult().get(2, TimeUnit.MINUTES);

    assertThat(Collected.rows()).contains("+U[1, 2.00]", "+I[2, 3.00]");
  }

  /** As soon as all of its tasks run. */
  private String stop(JobClient job) {
    String savepoints = directory.resolve("savepoints").toUri().toString();
    return Awaitility.await()
        .atMost(2, TimeUnit.MINUTES)
        .ignoreExceptions()
        .until(
            () ->
                job.stopWithSavepoint(false, savepoints, SavepointFormatType.CANONICAL)
                    .get(2, TimeUnit.MINUTES),
            Objects::nonNull);
  }

  private static JobClient insert(Shop shop, String options, Configuration settings) {
    TableEnvironment sql = environment("streaming", settings);
    sql.executeSql(shop.orders(options));
    sql.executeSql(Collected.TABLE);
    TableResult result = sql.executeSql("INSERT INTO collected SELECT id, amount FROM orders");
    return result.getJobClient().orElseThrow();
  }

  @Test
  void tables_that_live_are_joined() throws Exception {
    Airports airports = new Airports(directory);
    airports.fill(DemoTable.COUNTRIES, DemoOrder.shuffled(1));
    airports.fill(DemoTable.REGIONS, DemoOrder.shuffled(1));
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(airports.source(DemoTable.COUNTRIES, "key"));
    sql.executeSql(airports.source(DemoTable.REGIONS, "key"));
    String join =
        "SELECT c.name, COUNT(*) AS regions FROM regions r JOIN countries c ON r.iso_country = c.code"
            + " GROUP BY c.name";

    List<Row> live = fold(sql, join);

    TableEnvironment batch = environment("batch", settings());
    batch.executeSql(airports.source(DemoTable.COUNTRIES, "key"));
    batch.executeSql(airports.source(DemoTable.REGIONS, "key"));
    assertThat(live).hasSizeGreaterThan(200).containsExactlyInAnyOrderElementsOf(rows(batch, join));
  }

  @Test
  void what_is_wrong_with_a_table_is_told_at_once_before_anything_is_connected() throws Exception {
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(
        new Shop().orders("odd SMALLINT, sure INT NOT NULL,", "'curser' = 'SEQ', 'tie' = 'x'"));

    assertThat(problems(sql, "SELECT * FROM orders"))
        .isEqualTo(
            """
            MIRROR-1026 odd: the type SMALLINT cannot be read from a source. Declare it as INT, and cast\
             it in the query.
            MIRROR-1026 sure: it is declared NOT NULL. Take that out: of a deleted row, the columns of\
             the primary key alone are known.
            MIRROR-1002 curser: this key does not exist. Did you mean cursor?
            MIRROR-1004 tie: "x" is not a value of this key. Write one of delete-wins, upsert-wins.
            4 problems in table orders""");
  }

  @Test
  void a_time_stamp_in_the_primary_key_is_not_cut() throws Exception {
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(
        new Shop()
            .orders("seen TIMESTAMP(3),", "")
            .replace("PRIMARY KEY (id)", "PRIMARY KEY (id, seen)"));

    assertThat(problems(sql, "SELECT * FROM orders"))
        .contains(
            "MIRROR-1026 seen: it is in the primary key and keeps fewer digits of a second than a"
                + " source may have, so that two rows would become one. Declare it with a precision"
                + " of 6.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"execution.sorted-inputs.enabled", "execution.batch-state-backend.enabled"})
  void settings_of_flink_that_would_double_rows_in_batch_are_refused(String setting)
      throws Exception {
    Configuration settings = settings();
    settings.setString("execution.sorted-inputs.enabled", "false");
    settings.setString("execution.batch-state-backend.enabled", "false");
    settings.setString(
        setting.equals("execution.sorted-inputs.enabled")
            ? "execution.batch-state-backend.enabled"
            : "execution.sorted-inputs.enabled",
        "true");
    TableEnvironment sql = environment("batch", settings);
    sql.executeSql(new Shop().orders(""));

    assertThat(problems(sql, "SELECT * FROM orders")).contains(setting).contains("would lose data");
  }

  @Test
  void what_does_not_fit_the_source_is_told_with_its_columns() throws Exception {
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(new Shop().orders("amont DOUBLE, OP2 STRING,", ""));

    assertThat(problems(sql, "SELECT * FROM orders"))
        .contains("MIRROR-1024 orders.amont: there is no such column in PUBLIC.ORDERS_CHANGES.")
        .contains("MIRROR-1024 orders.OP2: ")
        .endsWith("2 problems in table orders");
  }

  @Test
  void a_secret_that_is_missing_is_named_and_none_is_shown() throws Exception {
    TableEnvironment sql = environment("streaming", settings());
    sql.executeSql(new Shop().orders("'password' = '${env:NO_SUCH_SECRET_HERE}'"));

    assertThat(problems(sql, "SELECT * FROM orders"))
        .startsWith("MIRROR-1012 ")
        .contains("NO_SUCH_SECRET_HERE");
  }

  /** The message at the root of what a query fails with. */
  private static String problems(TableEnvironment sql, String query) {
    Throwable failure = catchThrowable(() -> sql.explainSql(query));
    return ExceptionUtils.findThrowable(
            failure, e -> e instanceof ProblemsException || e instanceof MirrorException)
        .orElseThrow(() -> new AssertionError("no problem is found", failure))
        .getMessage();
  }

  /** What is left of the changelog of a query. */
  private static List<Row> fold(TableEnvironment sql, String query) throws Exception {
    List<Row> left = new ArrayList<>();
    for (Row row : rows(sql, query)) {
      RowKind kind = row.getKind();
      row.setKind(RowKind.INSERT);
      if (kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER) {
        left.add(row);
      } else {
        assertThat(left.remove(row)).isTrue();
      }
    }
    return left;
  }

  private static List<Row> rows(TableEnvironment sql, String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> found = sql.executeSql(query).collect()) {
      found.forEachRemaining(rows::add);
    }
    return rows;
  }

  private static TableEnvironment environment(String mode, Configuration settings) {
    EnvironmentSettings.Builder builder =
        EnvironmentSettings.newInstance().withConfiguration(settings);
    return TableEnvironment.create(
        (mode.equals("batch") ? builder.inBatchMode() : builder.inStreamingMode()).build());
  }

  private static Configuration settings() {
    Configuration settings = new Configuration();
    settings.setString("execution.checkpointing.interval", "1 s");
    settings.setString("parallelism.default", "2");
    settings.setString("table.exec.iceberg.infer-source-parallelism", "false");
    settings.setString("rest.bind-port", "0");
    settings.setString("table.local-time-zone", "UTC");
    return settings;
  }
}
