package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import io.datamirror.testkit.warehouse.SnowflakeServer;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A Snowflake of one test, its clock in the test's hands, talked to by Snowflake's own driver. */
final class SnowflakeTables extends WarehouseTables {

  static final List<Column> ITEMS =
      List.of(
          new Column("ID", "NUMBER(18,0)", "NUMERIC(18)", false),
          new Column("PART", "VARCHAR(16777216)", "VARCHAR", false),
          new Column("NOTE", "VARCHAR(16777216)", "VARCHAR", true));

  final AtomicLong clock = new AtomicLong(1_767_225_600_000L);
  final SnowflakeServer server;
  private final Connections connections;
  private Connection connection;

  SnowflakeTables() throws Exception {
    server = new SnowflakeServer(clock::get);
    connections = Connections.to(source(), name -> "", text -> {});
    connection = connections.open();
  }

  @Override
  VersionedTables tables() {
    return server.tables();
  }

  @Override
  List<Column> itemColumns() {
    return ITEMS;
  }

  @Override
  long settleMillis() {
    return 60_000;
  }

  @Override
  void later(long millis) {
    clock.addAndGet(millis);
  }

  @Override
  List<List<String>> rowsAt(VersionedTable table, long point) throws SQLException {
    return table.rowsAt(point);
  }

  @Override
  Connection connection() {
    return connection;
  }

  @Override
  Connection connect() throws SQLException {
    return connections.open();
  }

  /** As a task does after a failure. */
  Connection reconnect() throws SQLException {
    connection.close();
    connection = connections.open();
    return connection;
  }

  String text(String tableKeys) {
    String properties =
        SnowflakeServer.properties().entrySet().stream()
            .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
            .collect(Collectors.joining(", ", "{ ", " }"));
    return """
        mirror: test
        source:
          type: snowflake
          url: %s
          user: u
          password: p
          properties: %s
        lake:
          catalog: { type: hadoop, warehouse: ./lake }
          namespace: test
        tables:
          - name: items
            source: DB.SCH.ITEMS
            feed: native
        %s
        """
        .formatted(server.url(), properties, tableKeys.indent(4));
  }

  SourceSpec source() {
    return SpecReader.read(text("")).source();
  }

  @Override
  Feed resolve(String tableKeys) throws SQLException {
    MirrorSpec spec = SpecReader.read(text(tableKeys));
    TableSpec table = spec.tables().get(0);
    return FeedFactory.resolve(connection, spec.source(), table);
  }

  /** What became of the table since a feed was resolved for it. */
  SchemaChange changed(Feed feed, String tableKeys) throws SQLException {
    MirrorSpec spec = SpecReader.read(text(tableKeys));
    return SchemaChange.of(connection, spec.source(), spec.tables().get(0), feed);
  }

  /** Fails if the driver asked something that the stand-in does not know. */
  @Override
  public void close() throws SQLException {
    connection.close();
    server.close();
    assertThat(server.unknown()).isEmpty();
  }
}
