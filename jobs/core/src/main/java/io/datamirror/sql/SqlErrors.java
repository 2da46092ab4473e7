package io.datamirror.sql;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What an {@link SQLException} asks for. Decided by SQL state, vendor code and exception type,
 * never by the text of a message: texts are translated and change between releases.
 */
public final class SqlErrors {

  /** What to do about an error. */
  public enum Action {
    /** The same may work in a moment, on a new connection. */
    RETRY,
    /** The query takes too long or too much: ask for less at once. */
    SPLIT,
    /** The history that was asked for is gone. */
    RESNAPSHOT,
    /** The user has to change the spec, the database or the privileges. */
    CONFIG,
    /** Nobody knows: stop. */
    FATAL
  }

  // H2 puts its own numbers into the SQL state.
  private static final Set<String> H2_CONNECTION_LOST = Set.of("90067", "90098", "90121", "90007");
  private static final String H2_FILE_LOCKED = "90020";
  private static final Set<String> H2_NO_DATABASE = Set.of("90146", "90149", "90013");
  private static final String H2_NO_RIGHTS = "90096";
  // The driver of Databricks has words where others have states: it could not reach the service, or
  // lost it in the middle.
  private static final String DATABRICKS_NOT_CONNECTED = "CONNECTION_ERROR";
  private static final Set<String> DATABRICKS_LOST =
      Set.of(
          DATABRICKS_NOT_CONNECTED,
          "CONNECTION_CLOSED",
          "SDK_CLIENT_ERROR",
          "EXECUTE_STATEMENT_FAILED",
          "CHUNK_DOWNLOAD_ERROR",
          "CHUNK_READY_ERROR",
          "RATE_LIMIT_EXCEEDED",
          "SSL_HANDSHAKE_ERROR",
          "CATALOG_OR_SCHEMA_FETCH_ERROR");
  private static final int DATABRICKS_NOT_AUTHORISED = 500593;
  // The standard's, PostgreSQL's and H2's.
  private static final Set<String> TABLE_MISSING = Set.of("42S02", "42P01", "42S03", "42S04");
  private static final Set<String> COLUMN_MISSING = Set.of("42S22", "42703");
  private static final String NO_RIGHTS = "42501";
  private static final String NO_DATABASE = "3D000";
  private static final String QUERY_CANCELLED = "57014";
  private static final String LOCK_TIMEOUT = "HYT00";
  // PostgreSQL ended a transaction that was idle or open for too long, or did not get a lock.
  private static final Set<String> TRANSACTION_ENDED = Set.of("25P03", "25P04", "55P03");
  // PostgreSQL has kept the plan of a query whose columns have other types now; a new connection
  // has no plans. Other databases say by this state that they cannot do something at all.
  private static final String PLAN_OUTDATED = "0A000";
  private static final String NOT_SUPPORTED = "0A";
  private static final String POSTGRESQL_ERROR = "org.postgresql.util.PSQLException";
  // Oracle has one state for very many errors, most of which pass: an undo that was too short is
  // one.
  private static final String ORACLE_EXECUTION = "72000";
  private static final String SYNTAX = "42000";
  private static final Set<String> ORACLE_LOGIN = Set.of(ORACLE_EXECUTION, "99999");
  private static final Set<Integer> ORACLE_LOGIN_REFUSED = Set.of(1017, 28000);
  private static final int ORACLE_TABLE_MISSING = 942;
  private static final int ORACLE_COLUMN_MISSING = 904;
  // SQL Server's driver makes a state of the letter S and a number that says nothing of the kind.
  private static final Pattern SQL_SERVER_STATE = Pattern.compile("S\\d{4}");
  private static final int SQL_SERVER_LOGIN_REFUSED = 18456;
  private static final int SQL_SERVER_TABLE_MISSING = 208;
  private static final int SQL_SERVER_COLUMN_MISSING = 207;
  private static final Set<Integer> SQL_SERVER_NO_RIGHTS = Set.of(229, 230);
  // Oracle's and MySQL's, on a table and on a column.
  private static final Set<Integer> SYNTAX_NO_RIGHTS = Set.of(1031, 1142, 1143);
  // Snowflake says of a wrong password and of a bad token that the connection failed.
  private static final Set<Integer> SNOWFLAKE_LOGIN_REFUSED =
      Set.of(390100, 390101, 390102, 390144, 390302, 390303, 390318, 394304);

  // What MySQL's driver cannot read, as a date of zeros, has the same state as a closed statement.
  private static final String MYSQL_UNREADABLE = "com.mysql.cj.exceptions.DataReadException";

  private SqlErrors() {}

  /** What {@code error}, or the first of its causes that says something, asks for. */
  public static Action classify(SQLException error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof SQLException known) {
        Action action = judge(known);
        if (action != null) {
          return action;
        }
      }
      cause = cause.getCause();
    }
    return byType(error);
  }

  private static Action judge(SQLException error) {
    if (loginRefused(error) || noTable(error) || noColumn(error) || noRights(error)) {
      return Action.CONFIG;
    }
    return planOutdated(error) ? Action.RETRY : byState(state(error));
  }

  private static boolean planOutdated(SQLException error) {
    return state(error).equals(PLAN_OUTDATED) && byPostgresql(error);
  }

  private static Action byState(String state) {
    if (H2_CONNECTION_LOST.contains(state)
        || DATABRICKS_LOST.contains(state)
        || TRANSACTION_ENDED.contains(state)
        || state.equals(LOCK_TIMEOUT)
        || state.equals(ORACLE_EXECUTION)) {
      return Action.RETRY;
    }
    if (locked(state) || noDatabase(state)) {
      return Action.CONFIG;
    }
    if (state.equals(QUERY_CANCELLED)) {
      return Action.SPLIT;
    }
    if (state.startsWith("57P0")) {
      return Action.RETRY;
    }
    if (state.length() != 5) {
      return null;
    }
    return switch (state.substring(0, 2)) {
      case "08", "40", "53" -> Action.RETRY;
      case "28", "42" -> Action.CONFIG;
      default -> null;
    };
  }

  private static Action byType(SQLException error) {
    if (error instanceof SQLTimeoutException) {
      return Action.SPLIT;
    }
    if (error instanceof SQLTransientException || error instanceof SQLRecoverableException) {
      return Action.RETRY;
    }
    if (error instanceof SQLInvalidAuthorizationSpecException
        || error instanceof SQLSyntaxErrorException) {
      return Action.CONFIG;
    }
    return Action.FATAL;
  }

  /** Whether a value, and not the connection or the query, is what is wrong. */
  public static boolean aboutData(SQLException error) {
    String state = state(error);
    return state.startsWith("22")
        || state.equals("42821")
        || state.equals("42846")
        || state.isEmpty() && error instanceof SQLDataException
        || unreadable(error);
  }

  private static boolean unreadable(SQLException error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause.getClass().getName().equals(MYSQL_UNREADABLE)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Whether the database refuses the user or the password. */
  public static boolean credentials(SQLException error) {
    return any(error, known -> loginRefused(known) || state(known).startsWith("28"));
  }

  private static boolean loginRefused(SQLException error) {
    return SNOWFLAKE_LOGIN_REFUSED.contains(error.getErrorCode())
        || refusedByDatabricks(error)
        || ofSqlServer(error, SQL_SERVER_LOGIN_REFUSED)
        || ORACLE_LOGIN.contains(state(error))
            && ORACLE_LOGIN_REFUSED.contains(error.getErrorCode());
  }

  private static boolean ofSqlServer(SQLException error, int code) {
    return error.getErrorCode() == code && SQL_SERVER_STATE.matcher(state(error)).matches();
  }

  private static boolean ofOracle(SQLException error, int code) {
    return error.getErrorCode() == code && state(error).equals(SYNTAX);
  }

  /** A token that is wrong from the start; one that expires later is a lost connection first. */
  private static boolean refusedByDatabricks(SQLException error) {
    return state(error).equals(DATABRICKS_NOT_CONNECTED)
        && error.getErrorCode() == DATABRICKS_NOT_AUTHORISED;
  }

  /** Whether the user lacks a privilege. */
  public static boolean privilege(SQLException error) {
    return any(error, SqlErrors::noRights);
  }

  /** Whether it comes from PostgreSQL's own driver. */
  public static boolean ofPostgresql(SQLException error) {
    return any(error, SqlErrors::byPostgresql);
  }

  private static boolean byPostgresql(SQLException error) {
    return error.getClass().getName().equals(POSTGRESQL_ERROR);
  }

  /** Whether the database does not know, or does not have, what it was asked for. */
  public static boolean unknown(SQLException error) {
    return anyState(error, state -> state.startsWith("42") || state.startsWith(NOT_SUPPORTED));
  }

  /** Whether another process holds the database's file. */
  public static boolean fileLocked(SQLException error) {
    return anyState(error, SqlErrors::locked);
  }

  /** Whether the server answers but does not have the database. */
  public static boolean databaseMissing(SQLException error) {
    return anyState(error, SqlErrors::noDatabase);
  }

  /** Whether a table is not there. */
  public static boolean tableMissing(SQLException error) {
    return any(error, SqlErrors::noTable);
  }

  /** Whether a column is not there. */
  public static boolean columnMissing(SQLException error) {
    return any(error, SqlErrors::noColumn);
  }

  private static boolean noTable(SQLException error) {
    return TABLE_MISSING.contains(state(error))
        || ofSqlServer(error, SQL_SERVER_TABLE_MISSING)
        || ofOracle(error, ORACLE_TABLE_MISSING);
  }

  private static boolean noColumn(SQLException error) {
    return COLUMN_MISSING.contains(state(error))
        || ofSqlServer(error, SQL_SERVER_COLUMN_MISSING)
        || ofOracle(error, ORACLE_COLUMN_MISSING);
  }

  private static boolean locked(String state) {
    return state.equals(H2_FILE_LOCKED);
  }

  private static boolean noDatabase(String state) {
    return state.equals(NO_DATABASE) || H2_NO_DATABASE.contains(state);
  }

  private static boolean noRights(SQLException error) {
    String state = state(error);
    return state.equals(NO_RIGHTS)
        || state.equals(H2_NO_RIGHTS)
        || SQL_SERVER_STATE.matcher(state).matches()
            && SQL_SERVER_NO_RIGHTS.contains(error.getErrorCode())
        || state.equals(SYNTAX) && SYNTAX_NO_RIGHTS.contains(error.getErrorCode());
  }

  private static boolean anyState(SQLException error, Predicate<String> condition) {
    return any(error, known -> condition.test(state(known)));
  }

  private static boolean any(SQLException error, Predicate<SQLException> condition) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof SQLException known && condition.test(known)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
  }
}
