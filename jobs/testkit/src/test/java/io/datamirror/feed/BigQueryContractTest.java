package io.datamirror.feed;

import java.sql.SQLException;
import java.util.regex.Pattern;

/** The contract against a stand-in that keeps BigQuery's documented rules. */
class BigQueryContractTest extends VersionedFeedContract {

  @Override
  VersionedNativeTable table() throws Exception {
    return new Items(new BigQueryTables());
  }

  @Override
  int mostMillis() {
    return 20_000;
  }

  private static final class Items extends VersionedNativeTable {

    private static final Pattern BOUNDS =
        Pattern.compile("CHANGES\\(TABLE .*TIMESTAMP_MICROS\\(\\d+\\)\\)");
    private static final long EIGHT_DAYS = 8 * 86_400_000L;

    private final BigQueryTables warehouse;

    Items(BigQueryTables warehouse) throws SQLException {
      super(warehouse, warehouse.service::statements, BOUNDS, "INFORMATION_SCHEMA.TABLES ");
      this.warehouse = warehouse;
    }

    @Override
    public void loseHistory() {
      later(EIGHT_DAYS);
    }

    @Override
    public void failOnce() {
      warehouse.service.fail(new SQLException("backendError: try again", "HY000", 503));
    }

    @Override
    public void asksForTooMuch() {
      warehouse.service.fail(new SQLException("Resources exceeded during query execution"));
    }

    @Override
    public String enable() {
      return "ALTER TABLE `p`.`d`.`ITEMS` SET OPTIONS (enable_change_history = TRUE);";
    }
  }
}
