package io.datamirror.table;

import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Connections;
import io.datamirror.feed.Feed;
import io.datamirror.feed.FeedFactory;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SqlTable;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the source for what it takes to read a table: once, when the first query is planned. */
final class SqlPlan {

  private static final Logger LOG = LoggerFactory.getLogger(SqlPlan.class);

  private final SqlTable declared;
  private TablePlan plan;

  SqlPlan(SqlTable declared) {
    this.declared = declared;
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
      TableSpec table = cast(FeedFactory.types(connection, declared.source(), declared.table()));
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

  /** A column that was declared as something else than it is by itself is cast. */
  private TableSpec cast(Map<String, ColumnType> own) {
    Map<String, ColumnType> casts = new LinkedHashMap<>();
    declared
        .types()
        .forEach(
            (column, type) -> {
              if (!type.equals(own.get(column))) {
                casts.put(column, type);
              }
            });
    TableSpec table = declared.table();
    return table.withColumns(table.columns().withCast(casts));
  }
}
