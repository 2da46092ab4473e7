package io.datamirror.source;

import io.datamirror.feed.FeedFactory;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.Lateness;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.OnBadRow;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.SecretText;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Change tables in an H2 in memory, read by the real feeds. */
final class H2Warehouse implements AutoCloseable {

  final String name = "h2-" + UUID.randomUUID();
  private final String url = "jdbc:h2:mem:" + UUID.randomUUID();
  private final Connection keepsItAlive;

  H2Warehouse() throws SQLException {
    keepsItAlive = DriverManager.getConnection(url, "sa", "");
  }

  String url() {
    return url;
  }

  void run(String sql) throws SQLException {
    try (Statement statement = keepsItAlive.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Makes a change table (seq, id, v, note) with rows 1 to {@code rows}. */
  H2Warehouse changeTable(String table, int rows) throws SQLException {
    run(
        "CREATE TABLE "
            + table
            + "(seq BIGINT NOT NULL PRIMARY KEY, id BIGINT NOT NULL, v BIGINT NOT NULL,"
            + " note VARCHAR(40))");
    append(table, 1, rows);
    return this;
  }

  void append(String table, int from, int to) throws SQLException {
    String sql = "INSERT INTO " + table + " VALUES (?, ?, ?, ?)";
    try (PreparedStatement insert = keepsItAlive.prepareStatement(sql)) {
      for (int i = from; i <= to; i++) {
        insert.setLong(1, i);
        insert.setLong(2, i);
        insert.setLong(3, 1);
        insert.setString(4, "n" + i);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** A plan that reads {@code tables} over {@code url}. */
  MirrorPlan plan(String throughUrl, String... tables) throws SQLException {
    SourceSpec source =
        new SourceSpec(
            SourceType.JDBC,
            SecretText.of(throughUrl),
            SecretText.of("sa"),
            SecretText.of(""),
            Map.of(),
            Duration.ofSeconds(1),
            Duration.ZERO,
            OnHistoryLost.STOP,
            4,
            10,
            Duration.ofMinutes(15),
            25);
    List<TableSpec> specs = new ArrayList<>();
    List<TablePlan> plans = new ArrayList<>();
    for (String table : tables) {
      TableSpec spec = spec(table);
      specs.add(spec);
      var feed = FeedFactory.resolve(keepsItAlive, source, spec);
      plans.add(new TablePlan(spec, feed, feed.identity(keepsItAlive)));
    }
    return new MirrorPlan(
        new MirrorSpec(name, source, new LakeSpec(Map.of(), "lake"), specs), plans, 1);
  }

  private static TableSpec spec(String table) {
    return new TableSpec(
        table.toLowerCase(java.util.Locale.ROOT),
        "PUBLIC." + table,
        FeedKind.CHANGE_TABLE,
        Behavior.RECORD,
        List.of("ID"),
        List.of("V"),
        null,
        null,
        null,
        "SEQ",
        null,
        null,
        new ColumnsSpec(List.of(), List.of("SEQ"), Map.of(), Map.of()),
        List.of(),
        List.of(),
        OnSchemaChange.ADD_COLUMNS,
        OnBadRow.LEDGER,
        Lateness.FOREVER,
        TieRule.DELETE_WINS,
        1);
  }

  @Override
  public void close() throws SQLException {
    keepsItAlive.close();
  }
}
