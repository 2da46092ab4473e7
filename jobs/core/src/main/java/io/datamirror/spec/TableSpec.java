package io.datamirror.spec;

import java.io.Serializable;
import java.util.List;

/**
 * One mirrored table. Columns are always named as in the source; only {@link ColumnsSpec} knows
 * what they are called in the lake.
 *
 * @param name the table in the lake, checked by {@link LakeName}
 * @param source the table, qualified, that holds the changes
 * @param primaryKey at least one column, but for native feeds: there, empty if the source says it
 * @param version compared column by column; empty if the feed's own position is the version
 * @param timestamp the column that drives forgetting, never null for time-series; else null if
 *     there is none
 * @param operation the control column; null if it is {@link #DEFAULT_OPERATION}, should the source
 *     have that
 * @param order the column that orders changes of equal version; null if there is none
 * @param cursor the column that windows advance by, null for native feeds only
 * @param transaction the PostgreSQL transaction column that bounds windows; null if there is none
 * @param snapshot the base table that is read first; null if there is none
 * @param allowedLateness how long a key is remembered
 * @param line where the table stands in the spec, counted from 1
 * @param records what the records of topics and files look like; {@link RecordSpec#NONE} for tables
 */
public record TableSpec(
    String name,
    String source,
    FeedKind feed,
    Behavior behavior,
    List<String> primaryKey,
    List<String> version,
    String timestamp,
    String operation,
    String order,
    String cursor,
    String transaction,
    String snapshot,
    ColumnsSpec columns,
    List<PartitionField> partitionBy,
    List<RelationshipSpec> relationships,
    OnSchemaChange onSchemaChange,
    OnBadRow onBadRow,
    Lateness allowedLateness,
    TieRule tie,
    int line,
    RecordSpec records)
    implements Serializable {

  /** The control column that is used without being declared. It is never stored. */
  public static final String DEFAULT_OPERATION = "_change_request_type";

  /** A table of a source that holds tables. */
  public TableSpec(
      String name,
      String source,
      FeedKind feed,
      Behavior behavior,
      List<String> primaryKey,
      List<String> version,
      String timestamp,
      String operation,
      String order,
      String cursor,
      String transaction,
      String snapshot,
      ColumnsSpec columns,
      List<PartitionField> partitionBy,
      List<RelationshipSpec> relationships,
      OnSchemaChange onSchemaChange,
      OnBadRow onBadRow,
      Lateness allowedLateness,
      TieRule tie,
      int line) {
    this(
        name,
        source,
        feed,
        behavior,
        primaryKey,
        version,
        timestamp,
        operation,
        order,
        cursor,
        transaction,
        snapshot,
        columns,
        partitionBy,
        relationships,
        onSchemaChange,
        onBadRow,
        allowedLateness,
        tie,
        line,
        RecordSpec.NONE);
  }

  public TableSpec {
    primaryKey = List.copyOf(primaryKey);
    version = List.copyOf(version);
    partitionBy = List.copyOf(partitionBy);
    relationships = List.copyOf(relationships);
  }

  /** The same with the key that the source declares. */
  public TableSpec withPrimaryKey(List<String> key) {
    return with(key, columns, onBadRow);
  }

  /** The same with other columns. */
  public TableSpec withColumns(ColumnsSpec changed) {
    return with(primaryKey, changed, onBadRow);
  }

  /** The same with another fate of rows that cannot be applied. */
  public TableSpec withOnBadRow(OnBadRow fate) {
    return with(primaryKey, columns, fate);
  }

  private TableSpec with(List<String> changedKey, ColumnsSpec changedColumns, OnBadRow fate) {
    return new TableSpec(
        name,
        source,
        feed,
        behavior,
        changedKey,
        version,
        timestamp,
        operation,
        order,
        cursor,
        transaction,
        snapshot,
        changedColumns,
        partitionBy,
        relationships,
        onSchemaChange,
        fate,
        allowedLateness,
        tie,
        line,
        records);
  }

  /** Whether a column of the source is stored in the lake. The control column never is. */
  public boolean stores(String column) {
    boolean control = (feed == null || !feed.ofWarehouse()) && column.equals(operationColumn());
    return !control && columns.keeps(column);
  }

  /** The control column: the declared one, else {@link #DEFAULT_OPERATION}. */
  public String operationColumn() {
    return operation == null ? DEFAULT_OPERATION : operation;
  }
}
