package io.datamirror.feed;

import io.datamirror.testkit.warehouse.SnowflakeServer.Fault;
import java.sql.SQLException;
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
      super(warehouse, warehouse.server::statements, BOUNDS, "SHOW TABLES");
      this.warehouse = warehouse;
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
  }
}
