package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.feed.HeadWindows.Shrink;
import io.datamirror.feed.Windows.Target;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Resolves one table of a spec against its source. */
final class FeedResolver {

  private final Connection connection;
  private final TableSpec spec;
  private final TableProblems problems;

  FeedResolver(Connection connection, TableSpec spec, TableProblems problems) {
    this.connection = connection;
    this.spec = spec;
    this.problems = problems;
  }

  /** The feed; null when there are problems. */
  JdbcFeed resolve() throws SQLException {
    Dialect dialect = Dialect.of(connection);
    SourceTable source = read(spec.source());
    SourceTable base = spec.snapshot() == null ? null : read(spec.snapshot());
    if (problems.any()) {
      return null;
    }
    SpecColumns columns = new SpecColumns(dialect, spec, source, problems);
    ChangeLayout layout = new LayoutResolver(spec, columns, problems).resolve();
    Target target = new Target(dialect, source.name());
    KeysetColumn cursor = columns.cursor();
    KeysetColumn transaction = spec.transaction() == null ? null : columns.transaction();
    if (problems.any()) {
      return null;
    }
    RowPlan rows = new RowPlan(layout, columns.readings(layout), operation(source), columns.time());
    Windows windows =
        transaction == null
            ? windows(target, cursor, rows)
            : new TransactionWindows(target, transaction, cursor);
    Keyset order = windows.keyset().then(columns.tieBreakers(spec.primaryKey()));
    BaseTable baseTable = base == null ? null : baseTable(dialect, base, layout);
    return new JdbcFeed(target, rows, windows, order, baseTable);
  }

  private SourceTable read(String text) throws SQLException {
    TableName name = SourceTable.name(text, problems);
    if (name == null) {
      return null;
    }
    SourceTable table = SourceTable.read(connection, name);
    if (!table.exists()) {
      problems.missing(name);
    }
    return table;
  }

  private Identifier operation(SourceTable source) {
    return source.column(spec.operationColumn()).map(SourceColumn::name).orElse(null);
  }

  private Windows windows(Target target, KeysetColumn cursor, RowPlan rows) {
    if (cursor.kind() == KeysetColumn.Kind.TIMESTAMP_WITH_ZONE) {
      return new ClockWindows(target, cursor);
    }
    if (spec.feed() == FeedKind.INCREMENTAL) {
      return new HeadWindows(target, cursor, Shrink.ALLOWED, null);
    }
    boolean namesake = target.dialect().incarnationQuery(target.table()).isEmpty();
    boolean evident = namesake && cursor.kind() != KeysetColumn.Kind.TEXT;
    return new HeadWindows(
        target, cursor, Shrink.HISTORY_LOST, evident ? Evidence.of(target, rows, cursor) : null);
  }

  private BaseTable baseTable(Dialect dialect, SourceTable base, ChangeLayout layout) {
    SpecColumns columns = new SpecColumns(dialect, spec, base, problems);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < layout.columns().size(); i++) {
      Column column = layout.columns().get(i);
      boolean needed = layout.key().contains(i) || layout.version().contains(i);
      readings.add(baseReading(columns, base, column, needed ? Need.ALWAYS : Need.IF_PRESENT));
    }
    List<KeysetColumn> keyset = new ArrayList<>();
    for (int i : layout.key()) {
      keyset.add(columns.keyOf(layout.columns().get(i).source(), base.name()));
    }
    RowPlan rows = new RowPlan(layout, readings, null, RowPlan.TimeNeed.OPTIONAL);
    return new BaseTable(new Target(dialect, base.name()), rows, withoutNull(keyset));
  }

  private static Keyset withoutNull(List<KeysetColumn> columns) {
    return columns.contains(null) ? null : new Keyset(columns);
  }

  private enum Need {
    ALWAYS,
    IF_PRESENT
  }

  private Reading baseReading(SpecColumns columns, SourceTable base, Column column, Need need) {
    if (base.column(column.source()).isEmpty()) {
      if (need == Need.ALWAYS) {
        problems.column(
            ErrorCode.MISSING_COLUMN,
            column.source(),
            "the snapshot table " + base.name() + " has no such column",
            "A snapshot needs the key and the version of each row: add the column, or take"
                + " snapshot: out.");
      }
      return null;
    }
    SourceColumn source = base.column(column.source()).get();
    Reading reading = columns.reading(source);
    boolean known = reading.type() != null;
    boolean possible =
        column.type().equals(reading.type())
            || Casts.possible(reading.getter(), column.type().kind());
    if (!possible || (!known && !spec.columns().cast().containsKey(column.source()))) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          column.source(),
          "its type "
              + source.typeName()
              + " in "
              + base.name()
              + " cannot become "
              + column.type(),
          "Cast it to a type that both tables can become.");
    }
    return columns.decoding(source);
  }
}
