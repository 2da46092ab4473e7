package io.datamirror.cli;

import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Feed;
import io.datamirror.feed.FeedFactory;
import io.datamirror.feed.SourceErrors;
import io.datamirror.lake.KeptColumns;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.Sources;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables of a spec as their source describes them, over one connection at a time. */
final class SourceTables implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceTables.class);

  private static final int VALID_SECONDS = 10;

  private final MirrorSpec spec;
  private final SecretSource secrets;
  private Connection connection;

  private SourceTables(MirrorSpec spec, SecretSource secrets) {
    this.spec = spec;
    this.secrets = secrets;
    this.connection = connect();
  }

  private Connection connect() {
    return Sources.open(spec.source(), secrets, LOG::info);
  }

  /**
   * Connects to the source.
   *
   * @throws io.datamirror.error.MirrorException if it cannot be reached
   */
  static SourceTables open(MirrorSpec spec, SecretSource secrets) {
    return new SourceTables(spec, secrets);
  }

  /**
   * Connects anew if the connection serves no more, as after a restart of the source.
   *
   * @throws io.datamirror.error.MirrorException if the source cannot be reached
   */
  void reconnectIfLost() {
    if (!answers()) {
      Connection lost = connection;
      connection = connect();
      close(lost);
    }
  }

  private boolean answers() {
    try {
      return connection.isValid(VALID_SECONDS);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("the connection to the source does not say whether it is valid", e);
      return false;
    }
  }

  Connection connection() {
    return connection;
  }

  /**
   * One table.
   *
   * @throws ProblemsException with all that is wrong with it
   */
  TablePlan resolve(TableSpec table) {
    return resolve(table, KeptColumns.asDeclared(table));
  }

  /** One table as it is read by a mirror that goes on with what the lake has. */
  TablePlan goingOn(TableSpec table, LakeCatalog catalog) {
    TablePlan plan = resolve(table);
    KeptColumns kept = KeptColumns.differing(catalog, List.of(plan)).get(table.name());
    return kept == null ? plan : resolve(table, kept);
  }

  private TablePlan resolve(TableSpec table, KeptColumns read) {
    try {
      Feed feed =
          Sources.resolve(
              connection, spec.source(), table.withColumns(read.columns()), read.order());
      return new TablePlan(table, feed, feed.identity(connection));
    } catch (SQLException e) {
      throw SourceErrors.query(e, table.name());
    }
  }

  /** Makes sure that a table may be read, see {@link Feed#probe}. */
  void probe(TablePlan table) {
    try {
      table.feed().probe(connection);
    } catch (SQLException e) {
      throw SourceErrors.query(e, table.name());
    }
  }

  /** The history that the source keeps of a table, see {@link Upkeep#of}. */
  Optional<Upkeep> upkeep(TablePlan table, TableHistory history) {
    try {
      return Upkeep.of(connection, table, history);
    } catch (SQLException e) {
      throw SourceErrors.query(e, table.name());
    }
  }

  /** How many rows of a table no window will ever hold, since their cursor is null. */
  long rowsWithoutCursor(TablePlan table) {
    try {
      return FeedFactory.rowsWithoutCursor(connection, table.feed());
    } catch (SQLException e) {
      throw SourceErrors.query(e, table.name());
    }
  }

  @Override
  public void close() {
    close(connection);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.info("closing the connection to the source failed", SafeFailure.of(e));
    }
  }
}
