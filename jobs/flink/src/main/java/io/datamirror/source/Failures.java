package io.datamirror.source;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.SourceErrors;
import io.datamirror.sql.SqlErrors;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * What a failure of the source means for the job. Messages of drivers may hold values: of them only
 * class and SQL state are taken over.
 */
final class Failures {

  private static final Set<ErrorCode> PASSING =
      EnumSet.of(
          ErrorCode.DATABASE_UNREACHABLE,
          ErrorCode.BROKER_UNREACHABLE,
          ErrorCode.CREDENTIALS_REPLACED,
          ErrorCode.REGISTRY_UNREACHABLE,
          ErrorCode.FILES_UNREACHABLE,
          ErrorCode.LAKE_UNREACHABLE);

  /** What feeds that name their failures themselves say of one table. */
  private static final Set<ErrorCode> OF_TABLE =
      EnumSet.of(
          ErrorCode.COLUMN_VANISHED, ErrorCode.COLUMN_CHANGED, ErrorCode.SOURCE_TABLE_MISSING);

  private static final String STARTED =
      "Start the mirror again when it answers; it goes on where it was.";

  private static final String RESTARTED =
      "Flink restarts the job if its restart strategy lets it. If it has ended, start it again when"
          + " the source answers: it goes on where it was.";

  private static final String ANEW_FROM_LAKE =
      "on-history-lost: snapshot, and start it from the lake, without a savepoint or checkpoint: it"
          + " then reads the table anew.";

  private Failures() {}

  /** Whether asking the same again may help. */
  static boolean passing(Throwable failure) {
    if (failure instanceof MirrorException named) {
      return PASSING.contains(named.code());
    }
    if (failure instanceof SQLException error) {
      return switch (SqlErrors.classify(error)) {
        case RETRY, SPLIT -> true;
        case RESNAPSHOT, CONFIG, FATAL -> false;
      };
    }
    return unexpected(failure) || failure instanceof IOException;
  }

  /** Whether it is about one table or its columns: the others can still be read. */
  static boolean ofTable(Throwable failure) {
    if (failure instanceof MirrorException named) {
      return OF_TABLE.contains(named.code());
    }
    return failure instanceof SQLException error
        && (SqlErrors.columnMissing(error) || SqlErrors.tableMissing(error));
  }

  /** Whether it is nothing that a source says on purpose. */
  static boolean unexpected(Throwable failure) {
    return failure instanceof RuntimeException && !(failure instanceof MirrorException);
  }

  /** Whether the changes after the position cannot be had any more. */
  static boolean historyLost(Throwable failure) {
    return failure instanceof MirrorException named && named.code() == ErrorCode.HISTORY_LOST;
  }

  /** The failure as an error that a user can act on. */
  static MirrorException named(Throwable failure, String table) {
    if (failure instanceof MirrorException known) {
      return known;
    }
    if (failure instanceof SQLException error) {
      MirrorException told = SourceErrors.query(error, table);
      return error(failure, told.code(), table, told.sentence(), told.nextStep());
    }
    return error(
        failure,
        ErrorCode.INTERNAL,
        table,
        "reading failed with " + kind(failure),
        "The log says where.");
  }

  /**
   * What was planned to be read cannot be had any more. Some of it may have been read, by other
   * readers too, and is in no commit yet: so the table can be read anew only by a start that knows
   * nothing of it.
   */
  static MirrorException windowLost(Throwable failure, String table) {
    return windowLost(failure, table, "Set " + ANEW_FROM_LAKE);
  }

  /**
   * Rows of what was planned to be read may be gone. Only who cleaned up knows whether they were
   * read before: if so, nothing is lost, and nothing has to be read anew.
   */
  static MirrorException windowDoubtful(Throwable failure, String table) {
    return windowLost(
        failure,
        table,
        "If only rows that were mirrored were cleaned up, set on-history-lost: continue, and start"
            + " it from the same savepoint or checkpoint: it goes on with what is there. Else set "
            + ANEW_FROM_LAKE);
  }

  private static MirrorException windowLost(Throwable failure, String table, String nextStep) {
    MirrorException told = named(failure, table);
    return error(
        failure, told.code(), told.object(), told.sentence(), nextStep + SourceErrors.LOST_IN_SQL);
  }

  /** What passes, by what it says of the source. */
  enum Kind {
    /** The source, or the way to it, does not work now. */
    AWAY,
    /** It refuses credentials that it took before. */
    REFUSED,
    /** The database ended a query. */
    ENDED,
    /** Nothing that a source says on purpose. */
    UNEXPECTED
  }

  /** The kind of a failure that is {@link #passing}. */
  static Kind kindOf(Throwable failure) {
    if (unexpected(failure)) {
      return Kind.UNEXPECTED;
    }
    if (failure instanceof MirrorException known
        && known.code() == ErrorCode.CREDENTIALS_REPLACED) {
      return Kind.REFUSED;
    }
    return failure instanceof SQLException error
            && SqlErrors.classify(error) == SqlErrors.Action.SPLIT
        ? Kind.ENDED
        : Kind.AWAY;
  }

  /**
   * What to end a task with whose source was asked for as long, or as often, as is allowed. A job
   * that reads on and on is restarted by Flink where the source is away: an outage ends some time,
   * and nobody should have to be awake then. All else, if it stays, ends the job for good.
   */
  static RuntimeException exhausted(
      Throwable failure, String table, SourceSettings settings, Retries tried, long nowMillis) {
    Kind kind = tried.stays(failure, nowMillis) ? kindOf(failure) : Kind.AWAY;
    return switch (kind) {
      case UNEXPECTED -> exhausted(failure, table);
      case REFUSED -> fatal(named(failure, table));
      case ENDED -> fatal(exhausted(failure, table, often(settings), afterwards(failure, table)));
      case AWAY -> away(failure, table, settings);
    };
  }

  private static RuntimeException away(Throwable failure, String table, SourceSettings settings) {
    return switch (settings.until()) {
      case NOW -> fatal(exhausted(failure, table, often(settings), STARTED));
      case STOPPED -> exhausted(failure, table, often(settings), RESTARTED);
    };
  }

  private static String often(SourceSettings settings) {
    return "for " + settings.retryLimit().toSeconds() + " s";
  }

  /** What to end a task with that came to the same failure as often as is allowed. */
  static RuntimeException exhausted(Throwable failure, String table) {
    return fatal(exhausted(failure, table, "again and again", afterwards(failure, table)));
  }

  private static MirrorException exhausted(
      Throwable failure, String table, String often, String nextStep) {
    return error(
        failure,
        ErrorCode.RETRY_EXHAUSTED,
        table,
        "reading kept failing " + often + ", last with " + kind(failure),
        nextStep);
  }

  private static String afterwards(Throwable failure, String table) {
    return failure instanceof SQLException error
            && SqlErrors.classify(error) == SqlErrors.Action.SPLIT
        ? SourceErrors.query(error, table).nextStep()
        : STARTED;
  }

  /** Ends the job for good: to start it again would only fail again. */
  static RuntimeException fatal(MirrorException error) {
    return new SuppressRestartsException(error);
  }

  /** What kind of failure it was, without a word of the driver's. */
  static String kind(Throwable failure) {
    if (failure instanceof MirrorException known) {
      return known.code().toString();
    }
    String type = failure.getClass().getSimpleName();
    if (failure instanceof SQLException error && error.getSQLState() != null) {
      return type + " of SQL state " + error.getSQLState();
    }
    return type;
  }

  private static MirrorException error(
      Throwable failure, ErrorCode code, String table, String sentence, String nextStep) {
    return MirrorException.causedBy(withoutText(failure), code, table, sentence, nextStep);
  }

  /** The place of a failure; a driver's own class may not be there where the job is failed. */
  private static Exception withoutText(Throwable failure) {
    Exception bare = new Exception(kind(failure));
    bare.setStackTrace(failure.getStackTrace());
    return bare;
  }
}
