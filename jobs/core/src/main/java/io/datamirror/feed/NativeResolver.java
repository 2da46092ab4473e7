package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.feed.KeysetColumn.Kind;
import io.datamirror.feed.KeysetColumn.Nulls;
import io.datamirror.feed.LayoutResolver.CommitColumns;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Resolves one table of a spec against a warehouse that keeps the changes of its tables. */
final class NativeResolver {

  private static final Reading COMMIT =
      new Reading(Reading.Getter.LONG, ColumnType.of(ColumnType.Kind.LONG));
  // What is named in rows of the ledger only.
  private static final Identifier OPERATION = new Identifier("_change_type");

  private final Connection connection;
  private final Warehouse warehouse;
  private final TableSpec declared;
  private final TableProblems problems;

  NativeResolver(
      Connection connection, Warehouse warehouse, TableSpec declared, TableProblems problems) {
    this.connection = connection;
    this.warehouse = warehouse;
    this.declared = declared;
    this.problems = problems;
  }

  /** The feed; null when there are problems. */
  NativeFeed resolve() throws SQLException {
    try {
      return resolveTable();
    } catch (SQLException e) {
      throw NativeErrors.explained(warehouse, declared.name(), e);
    }
  }

  private NativeFeed resolveTable() throws SQLException {
    TableName name = SourceTable.name(declared.source(), problems);
    SourceTable source = name == null ? null : warehouse.describe(connection, name);
    if (source == null || !source.exists()) {
      if (source != null) {
        problems.missing(name);
      }
      return null;
    }
    warehouse
        .obstacle(source)
        .ifPresent(
            reason ->
                problems.table(
                    ErrorCode.NO_CHANGE_FEED, reason, "Mirror another table, or copy it without."));
    TableSpec spec = declared.withPrimaryKey(key(source.name()));
    SpecColumns columns =
        new SpecColumns(warehouse.dialect(), warehouse::reading, spec, source, problems);
    CommitColumns commit =
        new CommitColumns(unused("_commit_unit", source), unused("_commit_time", source));
    ChangeLayout layout = new LayoutResolver(spec, columns, problems, commit).resolve();
    checkTimeSeries(spec);
    List<KeysetColumn> keyset = spec.primaryKey().isEmpty() ? List.of() : keyset(spec, columns);
    return problems.any() ? null : feed(source, columns, layout, commit, new Keyset(keyset));
  }

  private NativeFeed feed(
      SourceTable source,
      SpecColumns columns,
      ChangeLayout layout,
      CommitColumns commit,
      Keyset keyset)
      throws SQLException {
    List<Reading> readings = new ArrayList<>();
    int unit = -1;
    for (int i = 0; i < layout.columns().size(); i++) {
      Column column = layout.columns().get(i);
      unit = column.source().equals(commit.unit()) ? i : unit;
      readings.add(source.column(column.source()).map(columns::decoding).orElse(COMMIT));
    }
    List<SourceColumn> key =
        keyset.columns().stream()
            .map(column -> source.column(column.name().name()).orElseThrow())
            .toList();
    RowPlan snapshot = new RowPlan(layout, readings, null, columns.time());
    RowPlan changes =
        new RowPlan(layout, readings, OPERATION, warehouse.operations(), columns.time());
    return new NativeFeed(
        NativeColumns.of(warehouse, source, layout, unit, key),
        snapshot,
        changes,
        keyset,
        keptMillis(source.name()));
  }

  /** Asked once for a job: a feed that follows the columns need not know. */
  private long keptMillis(TableName table) throws SQLException {
    Optional<Duration> kept =
        problems.again() ? Optional.empty() : warehouse.tracking(connection, table).retention();
    return kept.map(Duration::toMillis).orElse(-1L);
  }

  /** The declared key, else the one that the warehouse knows. */
  private List<String> key(TableName name) throws SQLException {
    if (!declared.primaryKey().isEmpty()) {
      return declared.primaryKey();
    }
    List<String> found = warehouse.key(connection, name);
    if (found.isEmpty()) {
      problems.table(
          ErrorCode.TABLE_WITHOUT_KEY,
          "the source declares no primary key for " + name,
          "Write the columns that identify a row, for example primary-key: [id], or declare it"
              + " there.");
    }
    return found;
  }

  private void checkTimeSeries(TableSpec spec) {
    boolean missing =
        spec.behavior() == Behavior.TIME_SERIES
            && !spec.primaryKey().isEmpty()
            && !spec.primaryKey().contains(spec.timestamp());
    if (missing) {
      problems.table(
          ErrorCode.CONTRADICTION,
          "the primary key of a time-series must hold its timestamp " + spec.timestamp(),
          "Write primary-key with the timestamp in it, or write behavior: record.");
    }
  }

  private List<KeysetColumn> keyset(TableSpec spec, SpecColumns columns) {
    List<KeysetColumn> keyset = new ArrayList<>();
    for (String name : spec.primaryKey()) {
      columns.table().column(name).ifPresent(column -> keyset.add(keyColumn(columns, column)));
    }
    return keyset.contains(null) ? List.of() : keyset;
  }

  private KeysetColumn keyColumn(SpecColumns columns, SourceColumn column) {
    Kind kind =
        switch (columns.reading(column).getter()) {
          case INT, LONG -> Kind.LONG;
          case DECIMAL -> Kind.DECIMAL;
          case TEXT, PADDED_TEXT -> Kind.OPAQUE;
          case BOOLEAN, FLOAT, DOUBLE, DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE, BINARY -> null;
        };
    if (kind == null) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          column.name().name(),
          "a table cannot be read in the order of a key of type " + column.typeName(),
          "Take a key of numbers, texts, dates or time stamps.");
      return null;
    }
    return new KeysetColumn(column.name(), kind, column.nullable() ? Nulls.LAST : Nulls.NONE);
  }

  private static String unused(String name, SourceTable source) {
    String free = name;
    while (source.column(free).isPresent()) {
      free = "_" + free;
    }
    return free;
  }
}
