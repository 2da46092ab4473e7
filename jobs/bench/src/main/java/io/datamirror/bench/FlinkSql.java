package io.datamirror.bench;

import java.util.function.Function;
import java.util.stream.Collectors;

/** The statements of the peers that are Flink SQL. {@code ${source}} and {@code ${lake}} vary. */
final class FlinkSql {

  /** How many rows everybody fetches from the source at once. */
  static final int FETCH_ROWS = 10_000;

  /** What asks PostgreSQL's driver for binary values, as the mirror does; it comes behind a URL. */
  static final String BINARY_WIRE = "?prepareThreshold=-1&binaryTransfer=true";

  private static final String KEY = ", PRIMARY KEY (id) NOT ENFORCED";

  /** How the sink takes what comes. */
  private enum Sink {
    UPSERT,
    APPEND
  }

  private final Workload workload;
  private final String url;
  private final String user;

  FlinkSql(Workload workload, String url, String user) {
    this.workload = workload;
    this.url = url;
    this.user = user;
  }

  /** The same statements, but values come from the source in binary. */
  FlinkSql overBinaryWire() {
    return new FlinkSql(workload, url + BINARY_WIRE, user);
  }

  /**
   * Keep the newest by {@code ROW_NUMBER}, the operation too: a deleted row stays as one that is
   * marked, and whoever reads leaves it out.
   *
   * <p>To filter deletes away behind {@code ROW_NUMBER} looks better and is wrong: the sink does
   * not see all of what that retracts, and deleted rows stay behind unmarked.
   */
  String byHand() {
    return source()
        + iceberg(", op STRING", KEY, Sink.UPSERT)
        + "INSERT INTO ice.bench.t SELECT "
        + names()
        + ", op FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ver DESC, op ASC) AS rn FROM src)"
        + " WHERE rn = 1";
  }

  /** Whatever comes last wins: right only if changes come in order. */
  String upsertOnly() {
    return source()
        + iceberg(", op STRING", KEY, Sink.UPSERT)
        + "INSERT INTO ice.bench.t SELECT "
        + names()
        + ", op FROM src";
  }

  /** All changes as they are: no mirror, but what writing alone costs. */
  String append() {
    return source()
        + iceberg("", "", Sink.APPEND)
        + "INSERT INTO ice.bench.t SELECT "
        + names()
        + " FROM src";
  }

  /** A primary-key table that keeps the greatest version; a deleted row is marked. */
  String paimon() {
    return source()
        + "CREATE CATALOG pm WITH ('type'='paimon', 'warehouse'='${lake}');"
        + "CREATE DATABASE IF NOT EXISTS pm.bench;"
        + "CREATE TABLE pm.bench.t ("
        + definitions()
        + ", op STRING, op_order INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('bucket'='1',"
        + " 'sequence.field'='ver,op_order', 'file.format'='parquet');"
        + "INSERT INTO pm.bench.t SELECT "
        + names()
        + ", op, CASE op WHEN 'd' THEN 1 ELSE 0 END FROM src";
  }

  /** The columns of Spark's table. */
  String sparkDefinitions() {
    return each(column -> "`" + column.name() + "` " + column.kind().spark());
  }

  /** The columns as Spark reads them from the source. */
  String sparkColumns() {
    return each(
        column ->
            column.kind() == ColumnKind.TIMESTAMP
                ? "CAST(`%1$s` AS TIMESTAMP_NTZ) AS `%1$s`".formatted(column.name())
                : "`" + column.name() + "`");
  }

  /** The columns as PostgreSQL names them. */
  String sourceColumns() {
    return each(column -> "\"" + column.name() + "\"");
  }

  /** With commits of its own PostgreSQL's driver would fetch all rows at once, and keep them. */
  private String source() {
    return "CREATE TEMPORARY TABLE src (op STRING, "
        + definitions()
        + ") WITH ('connector'='jdbc', 'url'='"
        + url
        + "', 'username'='"
        + user
        + "', 'password'='none', 'table-name'='${source}', 'scan.fetch-size'='"
        + FETCH_ROWS
        + "', 'scan.auto-commit'='false');";
  }

  private String iceberg(String mark, String key, Sink sink) {
    return "CREATE CATALOG ice WITH ('type'='iceberg', 'catalog-type'='hadoop', 'warehouse'='${lake}');"
        + "CREATE DATABASE ice.bench;"
        + "CREATE TABLE ice.bench.t ("
        + definitions()
        + mark
        + key
        + ") WITH ('format-version'='2', 'write.parquet.compression-codec'='zstd'"
        + (sink == Sink.UPSERT ? ", 'write.upsert.enabled'='true'" : "")
        + ");";
  }

  private String definitions() {
    BenchColumn key = workload.columns().get(0);
    return each(
        column ->
            "`%s` %s%s"
                .formatted(
                    column.name(), column.kind().flink(), column.equals(key) ? " NOT NULL" : ""));
  }

  private String names() {
    return each(column -> "`" + column.name() + "`");
  }

  private String each(Function<BenchColumn, String> text) {
    return workload.columns().stream().map(text).collect(Collectors.joining(", "));
  }
}
