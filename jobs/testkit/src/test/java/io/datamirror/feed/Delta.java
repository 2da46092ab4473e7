package io.datamirror.feed;

import io.datamirror.databricks.DatabricksStandin;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.Lateness;
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
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A schema of its own in the shared stand-in for Databricks, for one test class. */
final class Delta implements AutoCloseable {

  private static final String FEED = "TBLPROPERTIES (delta.enableChangeDataFeed = true";

  private final String schema;
  private final Connection connection;

  Delta(String schema) throws SQLException {
    this.schema = schema;
    standin().run("CREATE SCHEMA " + schema);
    connection = connect();
  }

  static DatabricksStandin standin() {
    return DatabricksStandin.shared();
  }

  static Connection connect() throws SQLException {
    Properties properties = standin().properties();
    properties.put("UID", "token");
    properties.put("PWD", DatabricksStandin.TOKEN);
    return DriverManager.getConnection(standin().url(), properties);
  }

  Connection connection() {
    return connection;
  }

  /** The table's name as SQL and specs have it. */
  String name(String table) {
    return DatabricksStandin.CATALOG + "." + schema + "." + table;
  }

  /** Creates a table with its change data feed on, which takes commit 0. */
  void create(String table, String columns, String... properties) {
    String more = properties.length == 0 ? "" : ", " + String.join(", ", properties);
    run("CREATE TABLE " + name(table) + " (" + columns + ") USING delta " + FEED + more + ")");
  }

  /** Runs statements of the owner; {@code $T} stands for nothing but a table's name. */
  List<List<String>> run(String... statements) {
    return standin().run(statements);
  }

  Feed feed(String table, String... key) throws SQLException {
    return feed(spec(table, ColumnsSpec.ALL, key));
  }

  Feed feed(TableSpec spec) throws SQLException {
    return FeedFactory.resolve(connection, source(), spec);
  }

  /** The feed of a table whose version is a column. */
  Feed feedBy(String version, String table) throws SQLException {
    return feed(spec(table, List.of(version), ColumnsSpec.ALL));
  }

  TableSpec spec(String table, ColumnsSpec columns, String... key) {
    return spec(table, List.of(), columns, key);
  }

  private TableSpec spec(String table, List<String> version, ColumnsSpec columns, String... key) {
    return new TableSpec(
        "mirrored",
        name(table),
        FeedKind.NATIVE,
        Behavior.RECORD,
        List.of(key),
        version,
        null,
        null,
        null,
        null,
        null,
        null,
        columns,
        List.of(),
        List.of(),
        OnSchemaChange.ADD_COLUMNS,
        OnBadRow.LEDGER,
        Lateness.FOREVER,
        TieRule.DELETE_WINS,
        1);
  }

  static SourceSpec source() {
    return new SourceSpec(
        SourceType.DATABRICKS,
        SecretText.of("jdbc:databricks://unused"),
        null,
        null,
        Map.of(),
        Duration.ofSeconds(1),
        Duration.ZERO,
        OnHistoryLost.STOP,
        2,
        100,
        Duration.ofMinutes(15),
        25);
  }

  /** The position of the table as it is now, where a snapshot can be pinned. */
  Position start(Feed feed) throws SQLException {
    return Reads.next(connection, feed, Position.BEGINNING).orElseThrow().to();
  }

  /** All rows of the snapshot at a position. */
  Collected snapshot(Feed feed, Position at) throws SQLException {
    Collected rows = new Collected(feed.layout());
    Reads.read(connection, feed, feed.snapshotChunks(connection, at, Reads.MANY), rows);
    return rows;
  }

  /** All changes after a position. */
  Collected changes(Feed feed, Position after) throws SQLException {
    Collected changes = new Collected(feed.layout());
    Window window = Reads.next(connection, feed, after).orElseThrow();
    Reads.read(connection, feed, feed.chunks(connection, window, Reads.MANY), changes);
    return changes;
  }

  /** The number of the version that a position stands for. */
  static long version(Position position) {
    return Point.of(position, "").value();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
