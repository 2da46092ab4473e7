package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.error.ErrorCode;
import io.datamirror.feed.HeadWindows.Shrink;
import io.datamirror.feed.HeadWindows.Values;
import io.datamirror.feed.Windows.Target;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import java.sql.Connection;
import java.sql.SQLException;

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
    SourceTable source = SourceTable.existing(connection, spec.source(), problems);
    SourceTable base =
        spec.snapshot() == null
            ? null
            : SourceTable.existing(connection, spec.snapshot(), problems);
    if (problems.any()) {
      return null;
    }
    SpecColumns columns = new SpecColumns(dialect, spec, source, problems);
    ChangeLayout layout = new LayoutResolver(spec, columns, problems).resolve();
    checkOperation(source);
    Target target = new Target(dialect, source.name());
    KeysetColumn cursor = columns.cursor();
    KeysetColumn transaction = spec.transaction() == null ? null : columns.transaction();
    if (problems.any()) {
      return null;
    }
    RowPlan rows = new RowPlan(layout, columns.readings(layout), operation(source), columns.time());
    Windows windows =
        transaction == null
            ? windows(target, cursor, columns.cursorValues(), rows)
            : new TransactionWindows(target, transaction, cursor);
    Keyset order = windows.keyset().then(columns.tieBreakers(spec.primaryKey()));
    BaseTable baseTable =
        base == null ? null : new BaseResolver(dialect, spec, base, problems).resolve(layout);
    return new JdbcFeed(target, rows, windows, order, baseTable);
  }

  /** Where a name in other case is meant, every delete would be taken for an upsert. */
  private void checkOperation(SourceTable source) {
    String name = TableSpec.DEFAULT_OPERATION;
    if (spec.operation() != null || source.column(name).isPresent()) {
      return;
    }
    source
        .nearly(name)
        .ifPresent(
            near ->
                problems.column(
                    ErrorCode.MISSING_COLUMN,
                    name,
                    "there is no such column in " + source.name(),
                    "Did you mean "
                        + near.name()
                        + "? Upper and lower case count: write operation: "
                        + near.name()
                        + "."));
  }

  private Identifier operation(SourceTable source) {
    return source.column(spec.operationColumn()).map(SourceColumn::name).orElse(null);
  }

  private Windows windows(Target target, KeysetColumn cursor, Values values, RowPlan rows) {
    if (cursor.kind() == KeysetColumn.Kind.TIMESTAMP_WITH_ZONE) {
      return new ClockWindows(target, cursor);
    }
    if (spec.feed() == FeedKind.INCREMENTAL) {
      return new HeadWindows(target, cursor, values, Shrink.ALLOWED, null);
    }
    // Where the database tells a table from its namesake too: it may be put back to an older state.
    boolean evident = cursor.kind() != KeysetColumn.Kind.TEXT;
    return new HeadWindows(
        target,
        cursor,
        values,
        Shrink.HISTORY_LOST,
        evident ? Evidence.of(target, rows, cursor) : null);
  }
}
