package io.datamirror.feed;

import io.datamirror.error.ProblemsException;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

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
              new NativeResolver(connection, Warehouses.of(source), table, problems).resolve();
          case KAFKA, FILES -> throw new IllegalArgumentException(source.type() + " is no JDBC");
        };
    problems.throwIfAny();
    return feed;
  }

  /**
   * How many rows of the table no window will ever hold, since their cursor is null. A reason to
   * warn: such rows are never mirrored. Reads the whole table where the cursor has no index.
   */
  public static long rowsWithoutCursor(Connection connection, Feed feed) throws SQLException {
    return feed instanceof JdbcFeed table ? table.rowsWithoutCursor(connection) : 0;
  }
}
