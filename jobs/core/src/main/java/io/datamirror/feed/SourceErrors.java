package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.sql.SqlErrors;
import java.sql.SQLException;
import java.util.List;

/** Says in the mirror's words what an {@link SQLException} means. */
public final class SourceErrors {

  /** The way on that a query has, which cannot read a base table anew. */
  public static final String LOST_IN_SQL =
      " In a query of Flink SQL: start it without its savepoint, into an empty table.";

  private static final String THE_TABLE =
      " the table in the lake and start without state, or mirror it under another name. Or, if each"
          + " row that differs has a greater version than in the lake, set on-history-lost:"
          + " snapshot: of others the lake keeps its own, and verify shows them.";

  /**
   * The way on with a table that was created again or put back to an older state. By the ordering
   * law what the lake has of it wins over rows of lesser versions, whichever table they are of.
   */
  public static final String OTHER_TABLE = "Drop" + THE_TABLE;

  /** The same where the source may only be behind what was read before. */
  static final String OTHER_TABLE_OR_BEHIND =
      "If this is a replica that is behind, start again when it has caught up. Else drop"
          + THE_TABLE;

  private SourceErrors() {}

  /**
   * The error of a query that failed for good.
   *
   * @param object what was read: a table, or the source
   */
  public static MirrorException query(SQLException error, String object) {
    return query(error, object, shown(error));
  }

  /**
   * The same, with other words for the error.
   *
   * @param shown what may be told of it
   */
  static MirrorException query(SQLException error, String object, String shown) {
    return switch (SqlErrors.classify(error)) {
      case RETRY ->
          of(
              error,
              ErrorCode.RETRY_EXHAUSTED,
              object,
              "reading failed again and again, at last with " + shown,
              "See whether the database is well, then start the mirror again: it goes on where it"
                  + " was.");
      case SPLIT ->
          of(
              error,
              ErrorCode.QUERY_FAILED,
              object,
              "the database ended a query before it was done, with " + shown,
              "Raise the statement timeout of the mirror's user.");
      case RESNAPSHOT ->
          of(
              error,
              ErrorCode.HISTORY_LOST,
              object,
              "the database no longer has what was asked for, it says " + shown,
              "Set on-history-lost: snapshot, or mirror into a new table." + LOST_IN_SQL);
      case CONFIG -> configuration(error, object, shown);
      case FATAL ->
          of(
              error,
              ErrorCode.QUERY_FAILED,
              object,
              "the database refuses a query with " + shown,
              "Look for its message in the database's log or query history, or run what plan prints"
                  + " in another client: here it is left out, since it may hold values.");
    };
  }

  private static MirrorException configuration(SQLException error, String object, String shown) {
    if (SqlErrors.privilege(error)) {
      return of(
          error,
          ErrorCode.MISSING_PRIVILEGE,
          object,
          "the user may not read it",
          "Grant SELECT to the user of the spec." + policies(error));
    }
    if (SqlErrors.credentials(error)) {
      return of(
          error,
          ErrorCode.WRONG_CREDENTIALS,
          object,
          "the database refuses the user or the password, with " + shown,
          "Mend user and password in the spec.");
    }
    if (SqlErrors.columnMissing(error)) {
      return of(
          error,
          ErrorCode.COLUMN_VANISHED,
          object,
          "a column that is mirrored is no longer there",
          "Take it out of the spec, or put it back into the source.");
    }
    if (SqlErrors.tableMissing(error)) {
      return of(
          error,
          ErrorCode.SOURCE_TABLE_MISSING,
          object,
          "the table is no longer there, or not visible to the user",
          "Mend its name in the spec, or put it back into the source.");
    }
    return of(
        error,
        ErrorCode.QUERY_FAILED,
        object,
        "the database refuses a query with " + shown,
        "Run check: it compares the spec with the source.");
  }

  /** What else PostgreSQL may mean when it refuses a table. */
  static String policies(SQLException error) {
    return SqlErrors.ofPostgresql(error)
        ? " If the table has row-level security, give that user BYPASSRLS: a mirror must see all"
            + " rows."
        : "";
  }

  private static MirrorException of(
      SQLException error, ErrorCode code, String object, String sentence, String nextStep) {
    return MirrorException.causedBy(error, code, object, sentence, nextStep);
  }

  /** What can be told of an error without its message, in which a driver may quote anything. */
  static String shown(SQLException error) {
    String state =
        error.getSQLState() == null ? "no SQL state" : "SQL state " + error.getSQLState();
    List<Throwable> causes = Causes.of(error);
    Class<?> root = causes.get(causes.size() - 1).getClass();
    String kind = root.getSimpleName();
    return state + code(error) + " (" + (kind.isEmpty() ? root.getName() : kind) + ")";
  }

  /** The vendor's own number, if it says more than the state. */
  private static String code(SQLException error) {
    String code = String.valueOf(error.getErrorCode());
    return error.getErrorCode() == 0 || code.equals(error.getSQLState()) ? "" : ", code " + code;
  }
}
