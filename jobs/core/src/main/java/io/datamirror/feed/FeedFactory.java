package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Turns what a spec says about a table, and what the source says, into a feed. */
public final class FeedFactory {

  private FeedFactory() {}

  /**
   * The feed of one table. Reads descriptions only, no rows.
   *
   * @param source the source behind {@code connection}
   * @throws ProblemsException with all that is wrong with this table
   */
  public static Feed resolve(Connection connection, SourceSpec source, TableSpec table)
      throws SQLException {
    return resolve(connection, source, table, List.of());
  }

  /**
   * The feed of one table, as {@link #resolve(Connection, SourceSpec, TableSpec)}.
   *
   * @param order columns of the source that come first in the layout, in this order; the hash of a
   *     row depends on where its columns stand
   */
  public static Feed resolve(
      Connection connection, SourceSpec source, TableSpec table, List<String> order)
      throws SQLException {
    TableProblems problems = new TableProblems(table, order);
    Feed feed =
        switch (source.type()) {
          case JDBC -> new FeedResolver(connection, table, problems).resolve();
          case SNOWFLAKE, DATABRICKS, BIGQUERY ->
              new NativeResolver(connection, Warehouses.of(source, table), table, problems)
                  .resolve();
          case KAFKA, FILES -> throw new IllegalArgumentException(source.type() + " is no JDBC");
        };
    problems.throwIfAny();
    return feed;
  }

  /**
   * The types that the columns of a table's source have by themselves; those without a counterpart
   * are left out.
   */
  public static Map<String, ColumnType> types(
      Connection connection, SourceSpec source, TableSpec table) throws SQLException {
    // What is wrong with the name is reported when the table is resolved.
    TableName name = SourceTable.name(table.source(), new TableProblems(table, List.of()));
    if (name == null) {
      return Map.of();
    }
    return switch (source.type()) {
      case JDBC -> {
        Dialect dialect = Dialect.of(connection);
        yield types(SourceTable.read(connection, name), column -> SourceTypes.of(dialect, column));
      }
      case SNOWFLAKE, DATABRICKS, BIGQUERY -> {
        Warehouse warehouse = Warehouses.of(source, table);
        yield types(warehouse.describe(connection, name), warehouse::reading);
      }
      case KAFKA, FILES -> throw new IllegalArgumentException(source.type() + " is no JDBC");
    };
  }

  private static Map<String, ColumnType> types(
      SourceTable table, Function<SourceColumn, Reading> readings) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    for (SourceColumn column : table.columns()) {
      ColumnType type = readings.apply(column).type();
      if (type != null) {
        types.put(column.name().name(), type);
      }
    }
    return types;
  }

  /**
   * How many rows of the table no window will ever hold, since their cursor is null. A reason to
   * warn: such rows are never mirrored. Reads the whole table where the cursor has no index.
   */
  public static long rowsWithoutCursor(Connection connection, Feed feed) throws SQLException {
    return feed instanceof JdbcFeed table ? table.rowsWithoutCursor(connection) : 0;
  }

  /**
   * The stored columns that the base table of a feed lacks, so that a row of it may take the place
   * of a change of equal version, and make them null. A reason to warn.
   */
  public static List<String> contestedInBase(Feed feed) {
    return feed instanceof JdbcFeed table ? table.contestedInBase() : List.of();
  }
}
