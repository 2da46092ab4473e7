package io.datamirror.table;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Connections;
import io.datamirror.feed.Feed;
import io.datamirror.feed.FeedFactory;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SqlTable;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the source for what it takes to read a table: once, when the first query is planned. */
final class SqlPlan {

  private static final Logger LOG = LoggerFactory.getLogger(SqlPlan.class);

  private final SqlTable declared;

  /** The columns that tell rows apart or say which is newer. */
  private final Set<String> exact;

  private TablePlan plan;

  SqlPlan(SqlTable declared) {
    this.declared = declared;
    this.exact = exact(declared.table());
  }

  private static Set<String> exact(TableSpec table) {
    Set<String> exact = new HashSet<>(table.primaryKey());
    exact.addAll(table.version());
    exact.add(table.order());
    if (table.version().isEmpty()) {
      exact.add(table.cursor());
    }
    return exact;
  }

  /**
   * The table, resolved against its source.
   *
   * @throws io.datamirror.error.ProblemsException with all that does not fit the source
   */
  synchronized TablePlan table() {
    if (plan == null) {
      plan = resolve();
    }
    return plan;
  }

  private TablePlan resolve() {
    SecretSource secrets = SecretSource.ofProcess();
    try (Connection connection = Connections.to(declared.source(), secrets, LOG::info).open()) {
      Map<String, ColumnType> own =
          FeedFactory.types(connection, declared.source(), declared.table());
      Dialect dialect = Dialect.of(connection);
      checkTimes(own, dialect);
      TableSpec table = cast(own, dialect);
      Feed feed = FeedFactory.resolve(connection, declared.source(), table);
      return new TablePlan(table, feed, feed.identity(connection));
    } catch (SQLException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.QUERY_FAILED,
          "table " + declared.table().name(),
          "the source does not describe it, with SQL state " + e.getSQLState(),
          "See the log for the statement, and the source's own log for the reason.");
    }
  }

  /** A cast is cut silently: rows would become one, or the older of two changes would win. */
  private void checkTimes(Map<String, ColumnType> own, Dialect dialect) {
    Map<String, ColumnType> types = declared.types();
    Stream<Problem> parts =
        declared.table().primaryKey().stream()
            .filter(column -> cutsKey(own.get(column), types.get(column)))
            .map(column -> cutKey(column, own.get(column)));
    Stream<Problem> others =
        types.keySet().stream()
            .filter(column -> mayBeCut(dialect) && exact.contains(column))
            .filter(column -> isOtherTimestamp(own.get(column), types.get(column)))
            .map(column -> otherTimestamp(column, own.get(column)));
    List<Problem> problems = Stream.concat(parts, others).toList();
    if (!problems.isEmpty()) {
      throw new ProblemsException("table " + declared.table().name(), problems);
    }
  }

  private boolean mayBeCut(Dialect dialect) {
    return switch (declared.source().type()) {
      case DATABRICKS, BIGQUERY -> false;
      case JDBC, SNOWFLAKE, KAFKA, FILES -> dialect.nanoseconds();
    };
  }

  private static boolean cutsKey(ColumnType own, ColumnType type) {
    boolean part = type.kind() == Kind.DATE || type.kind() == Kind.TIME;
    return part && own != null && isTimestamp(own);
  }

  private Problem cutKey(String column, ColumnType own) {
    return Problem.of(
        ErrorCode.UNSUPPORTED_COLUMN_TYPE,
        declared.table().name() + "." + column,
        "it is in the primary key and is declared as a part of the time stamp that it is, so that"
            + " two rows would become one",
        declareAs(own));
  }

  private static boolean isOtherTimestamp(ColumnType own, ColumnType type) {
    return own != null && isTimestamp(own) && isTimestamp(type) && own.kind() != type.kind();
  }

  private Problem otherTimestamp(String column, ColumnType own) {
    return Problem.of(
        ErrorCode.UNSUPPORTED_COLUMN_TYPE,
        declared.table().name() + "." + column,
        "it tells rows apart or says which is newer, and is declared as the other kind of time"
            + " stamp, which may cut what is finer than a microsecond",
        declareAs(own));
  }

  private static String declareAs(ColumnType own) {
    return "Declare it as " + (zoned(own) ? "TIMESTAMP_LTZ(6)" : "TIMESTAMP(6)") + ".";
  }

  private static boolean isTimestamp(ColumnType type) {
    return type.kind() == Kind.TIMESTAMP || zoned(type);
  }

  private static boolean zoned(ColumnType type) {
    return type.kind() == Kind.TIMESTAMP_WITH_ZONE;
  }

  /**
   * A column that was declared as something else than it is by itself is cast. So is a time to its
   * own type, since that cuts what is too fine to be kept: but none that has to be exact.
   */
  private TableSpec cast(Map<String, ColumnType> own, Dialect dialect) {
    TableSpec table = declared.table();
    Map<String, ColumnType> casts = new LinkedHashMap<>();
    declared
        .types()
        .forEach(
            (column, type) -> {
              boolean cut = tooFine(type, dialect) && !exact.contains(column);
              if (cut || !type.equals(own.get(column))) {
                casts.put(column, type);
              }
            });
    castUndeclaredTime(casts, own, dialect);
    return table.withColumns(table.columns().withCast(casts));
  }

  /** The time of a change is read though it is not declared, and stops a query if too fine. */
  private void castUndeclaredTime(
      Map<String, ColumnType> casts, Map<String, ColumnType> own, Dialect dialect) {
    TableSpec table = declared.table();
    String time = table.timestamp() == null ? table.cursor() : table.timestamp();
    if (time == null || exact.contains(time) || declared.types().containsKey(time)) {
      return;
    }
    ColumnType type = own.get(time);
    if (type != null && tooFine(type, dialect)) {
      casts.put(time, type);
    }
  }

  /** Whether a source may hold a time that is finer than one that is kept. */
  private static boolean tooFine(ColumnType type, Dialect dialect) {
    return switch (type.kind()) {
      case TIME -> true;
      case TIMESTAMP, TIMESTAMP_WITH_ZONE -> dialect.nanoseconds();
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, DECIMAL, DATE, STRING, BINARY -> false;
    };
  }
}
