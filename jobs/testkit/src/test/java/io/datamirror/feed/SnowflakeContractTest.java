package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.testkit.warehouse.SnowflakeServer.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** The contract by Snowflake's own driver, against a server that keeps Snowflake's rules. */
class SnowflakeContractTest extends VersionedFeedContract {

  @Override
  VersionedNativeTable table() throws Exception {
    return new Items(new SnowflakeTables());
  }

  @Override
  int mostMillis() {
    return 2_000;
  }

  private static final class Items extends VersionedNativeTable {

    private static final Pattern BOUNDS =
        Pattern.compile("AT\\(TIMESTAMP => [^)]*\\)\\) END\\(TIMESTAMP => [^)]*\\)\\)");
    private static final long TWO_DAYS = 2 * 86_400_000L;

    private final SnowflakeTables warehouse;

    Items(SnowflakeTables warehouse) throws SQLException {
      super(warehouse.server::statements, BOUNDS, "SHOW TABLES", warehouse::items);
      this.warehouse = warehouse;
    }

    @Override
    public Feed feed() throws SQLException {
      return warehouse.resolve("");
    }

    @Override
    public Connection connect() throws SQLException {
      return warehouse.connect();
    }

    @Override
    public long settleMillis() {
      return 60_000;
    }

    @Override
    void later(long millis) {
      warehouse.clock.addAndGet(millis);
    }

    @Override
    public List<List<String>> rowsAt(Position position) throws SQLException {
      return items().rowsAt(Point.of(position, "").value());
    }

    @Override
    public void loseHistory() {
      later(TWO_DAYS);
    }

    @Override
    public void failOnce() {
      warehouse.server.fail(sql -> sql.contains("CHANGES"), Fault.EXPIRED);
    }

    @Override
    public void asksForTooMuch() {
      warehouse.server.fail(sql -> sql.contains("CHANGES"), Fault.TIMEOUT);
    }

    @Override
    public String enable() {
      return "ALTER TABLE \"DB\".\"SCH\".\"ITEMS\" SET CHANGE_TRACKING = TRUE;";
    }

    @Override
    public void close() throws SQLException {
      assertThat(warehouse.server.unknown()).isEmpty();
      warehouse.close();
    }
  }
}
