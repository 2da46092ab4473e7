package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns what a warehouse's driver throws into what the rest of the mirror acts on: what may be
 * asked again stays an {@link SQLException} of that kind, everything else is named.
 */
final class NativeErrors {

  private static final String CONNECTION_FAILURE = "08000";
  private static final String QUERY_CANCELLED = "57014";

  private final NativeColumns columns;
  private final Connection connection;

  NativeErrors(NativeColumns columns, Connection connection) {
    this.columns = columns;
    this.connection = connection;
  }

  /** Something that asks the warehouse. */
  interface Call<T> {
    T run() throws SQLException;
  }

  <T> T run(Call<T> call) throws SQLException {
    try {
      return call.run();
    } catch (SQLException e) {
      throw explained(e);
    } catch (MirrorException | UncheckedIOException e) {
      // The mirror's own: whoever takes the rows fails inside of the call, too.
      throw e;
    } catch (RuntimeException e) {
      throw explained(saidUnchecked(e).orElseThrow(() -> e));
    }
  }

  /** A driver may tell of its source by an unchecked exception, Google's where it turns a page. */
  private static Optional<SQLException> saidUnchecked(RuntimeException failure) {
    return Causes.first(failure, SQLException.class)
        .or(
            () ->
                Causes.first(failure, IOException.class)
                    .map(
                        lost ->
                            new SQLTransientException(
                                lost.getClass().getSimpleName(), CONNECTION_FAILURE, failure)));
  }

  private SQLException explained(SQLException error) throws SQLException {
    if (columns.warehouse().untracked(error)) {
      throw untracked(error);
    }
    return explained(columns.warehouse(), table(), error);
  }

  /** What may be asked again; everything else is thrown under its name. */
  static SQLException explained(Warehouse warehouse, String table, SQLException error) {
    return switch (warehouse.classify(error)) {
      case RETRY -> as(Action.RETRY, error);
      case SPLIT -> as(Action.SPLIT, error);
      case RESNAPSHOT -> throw lost(warehouse, table, error);
      case CONFIG, FATAL -> throw named(warehouse, table, error);
    };
  }

  private static MirrorException named(Warehouse warehouse, String table, SQLException error) {
    SQLException standard = standard(warehouse, error);
    Optional<String> grant = warehouse.grant();
    return grant.isPresent() && SqlErrors.privilege(standard)
        ? MirrorException.causedBy(
            standard,
            ErrorCode.MISSING_PRIVILEGE,
            table,
            "the user may not read it, with " + shown(warehouse, error),
            grant.get())
        : SourceErrors.query(standard, table, shown(warehouse, error));
  }

  private static String shown(Warehouse warehouse, SQLException error) {
    String shown = SourceErrors.shown(error);
    return warehouse.phrase(error).map(words -> shown + ": " + words).orElse(shown);
  }

  private static SQLException standard(Warehouse warehouse, SQLException error) {
    String state = warehouse.state(error);
    if (Objects.equals(state, error.getSQLState())) {
      return error;
    }
    // Without its cause, whose own state would count as well.
    SQLException named = new SQLException(SourceErrors.shown(error), state, error.getErrorCode());
    named.setStackTrace(error.getStackTrace());
    return named;
  }

  private static SQLException as(Action action, SQLException error) {
    if (SqlErrors.classify(error) == action) {
      return error;
    }
    String shown = SourceErrors.shown(error);
    return action == Action.RETRY
        ? new SQLTransientException(shown, CONNECTION_FAILURE, error.getErrorCode(), error)
        : new SQLTimeoutException(shown, QUERY_CANCELLED, error.getErrorCode(), error);
  }

  /** Changes were not kept in the range: the user's to mend while it is off, else lost. */
  private RuntimeException untracked(SQLException error) throws SQLException {
    Tracking tracking;
    try {
      tracking = columns.warehouse().poll(connection, columns.table());
    } catch (SQLException e) {
      throw explained(columns.warehouse(), table(), e);
    }
    return switch (tracking.state()) {
      case OFF -> off(table(), tracking);
      case ON -> lost(columns.warehouse(), table(), error);
    };
  }

  static MirrorException off(String table, Tracking tracking) {
    return new MirrorException(
        ErrorCode.TRACKING_OFF,
        table,
        "its source table does not keep its changes",
        "Turn it on: " + tracking.enable());
  }

  private static MirrorException lost(Warehouse warehouse, String table, SQLException error) {
    return MirrorException.causedBy(
        error,
        ErrorCode.HISTORY_LOST,
        table,
        "the warehouse no longer has the changes after the position, it says "
            + shown(warehouse, error),
        "Set on-history-lost: snapshot to read it anew, and let the warehouse keep changes for"
            + " longer."
            + SourceErrors.LOST_IN_SQL);
  }

  private String table() {
    return columns.layout().table();
  }
}
