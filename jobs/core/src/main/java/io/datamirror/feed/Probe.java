package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Tries what a job will ask of a database, so that what is refused is refused before anything is
 * begun. What may work in a moment stays an {@link SQLException}; everything else is named.
 *
 * @param table what the mirror calls the table
 */
record Probe(Connection connection, String table) {

  /** Asks the clock. */
  void clock(Dialect dialect) throws SQLException {
    try {
      dialect.clockMillis(connection);
    } catch (SQLException e) {
      throw lasting(e, noClock(dialect, e));
    }
  }

  private MirrorException noClock(Dialect dialect, SQLException error) {
    return MirrorException.causedBy(
        error,
        ErrorCode.NO_CLOCK,
        table,
        "the database does not answer "
            + dialect.clockQuery()
            + " with a time that has a zone, but with "
            + SourceErrors.shown(error),
        "Windows end by that clock, so that it cannot be a source: take a database that has one;"
            + " docs/reference/sources.md names them.");
  }

  /**
   * Tries to read a table.
   *
   * @param nothing what selects everything that will be read, and no row
   */
  void read(TableName source, SqlText nothing) throws SQLException {
    try (Rows rows = nothing.query(connection)) {
      rows.next();
    } catch (SQLException e) {
      throw lasting(e, refused(source, e));
    }
  }

  private MirrorException refused(TableName source, SQLException error) {
    if (SqlErrors.privilege(error)) {
      return MirrorException.causedBy(
          error,
          ErrorCode.MISSING_PRIVILEGE,
          table,
          "the user may not read " + source + ", or not all of its columns that are mirrored",
          "Grant SELECT on it to the user of the spec, or exclude the columns that are not to be"
              + " read."
              + SourceErrors.policies(error));
    }
    boolean named =
        SqlErrors.credentials(error)
            || SqlErrors.columnMissing(error)
            || SqlErrors.tableMissing(error);
    return named
        ? SourceErrors.query(error, table)
        : MirrorException.causedBy(
            error,
            ErrorCode.QUERY_FAILED,
            table,
            "the database refuses to read " + source + ", with " + SourceErrors.shown(error),
            "Grant SELECT on it to the user of the spec, if that is what it lacks: the database's own"
                + " log has the reason.");
  }

  /** What to throw: the error itself, if the same may work in a moment. */
  private static RuntimeException lasting(SQLException error, MirrorException named)
      throws SQLException {
    return switch (SqlErrors.classify(error)) {
      case RETRY, SPLIT, RESNAPSHOT -> throw error;
      case CONFIG, FATAL -> named;
    };
  }
}
