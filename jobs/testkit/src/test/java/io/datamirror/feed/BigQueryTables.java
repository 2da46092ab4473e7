package io.datamirror.feed;

import io.datamirror.spec.FeedKind;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.warehouse.BigQueryDriver;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A BigQuery of one test, its clock in the test's hands. */
final class BigQueryTables extends WarehouseTables {

  static final List<Column> ITEMS =
      List.of(
          new Column("ID", "INT64", "BIGINT", false),
          new Column("PART", "STRING", "VARCHAR", false),
          new Column("NOTE", "STRING(100)", "VARCHAR", true));

  final AtomicLong clock = new AtomicLong(1_767_225_600_000_000L);
  final BigQueryDriver.Service service;
  private final Connections connections;
  private final Connection connection;

  BigQueryTables() throws SQLException {
    service = BigQueryDriver.start(UUID.randomUUID().toString(), new VersionedTables(clock::get));
    connections = Connections.to(spec(FeedKind.NATIVE, "").source(), name -> "", text -> {});
    connection = connections.open();
  }

  @Override
  VersionedTables tables() {
    return service.tables();
  }

  @Override
  List<Column> itemColumns() {
    return ITEMS;
  }

  @Override
  long settleMillis() {
    return 600_000;
  }

  @Override
  void later(long millis) {
    clock.addAndGet(millis * 1_000);
  }

  /** A point stands before what was committed at exactly its time. */
  @Override
  List<List<String>> rowsAt(VersionedTable table, long point) throws SQLException {
    return table.rowsAt(point - 1);
  }

  @Override
  Connection connection() {
    return connection;
  }

  @Override
  Connection connect() throws SQLException {
    return connections.open();
  }

  private MirrorSpec spec(FeedKind feed, String tableKeys) {
    return SpecReader.read(
        """
        mirror: test
        source: { type: bigquery, url: "%s" }
        lake:
          catalog: { type: hadoop, warehouse: ./lake }
          namespace: test
        tables:
          - name: items
            source: p.d.ITEMS
            feed: %s
        %s
        """
            .formatted(service.url(), feed, tableKeys.indent(4)));
  }

  @Override
  Feed resolve(String tableKeys) throws SQLException {
    return resolve(FeedKind.NATIVE, tableKeys);
  }

  Feed resolve(FeedKind feed, String tableKeys) throws SQLException {
    MirrorSpec spec = spec(feed, tableKeys);
    return FeedFactory.resolve(connection, spec.source(), spec.tables().get(0));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    service.close();
  }
}
