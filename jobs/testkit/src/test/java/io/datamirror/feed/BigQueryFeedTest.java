package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.FeedKind;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.testkit.warehouse.VersionedTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The feed against a stand-in that keeps BigQuery's documented rules. */
class BigQueryFeedTest {

  private static final long DAY = 86_400_000;

  private BigQueryTables warehouse;
  private VersionedTable items;

  @BeforeEach
  void begin() throws Exception {
    warehouse = new BigQueryTables();
    items = warehouse.items();
  }

  @AfterEach
  void end() throws Exception {
    warehouse.close();
  }

  @Test
  void whatIsCommittedAtExactlyAPositionBelongsToTheNextWindow() throws Exception {
    Mirroring mirror = new Mirroring(warehouse.resolve(""), 0, 100);
    items.commit(writer -> writer.insert(1, "p", "before"));
    warehouse.later(10);
    warehouse.step(mirror);
    long at = items.commit(writer -> writer.delete("ID", 1));
    assertThat(at).isEqualTo(mirror.point());
    assertThat(mirror.fold().rows()).hasSize(1);
    warehouse.later(10);
    warehouse.step(mirror);
    assertThat(mirror.fold().rows()).isEmpty();
  }

  @Test
  void noWindowIsLongerThanADayAndNoneIsSkipped() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    long start = mirror.point();
    items.commit(writer -> writer.insert(9, "p", "first"));
    warehouse.later(3 * DAY);
    items.commit(writer -> writer.insert(10, "p", "later"));
    warehouse.settle();
    int windows = 0;
    while (warehouse.step(mirror)) {
      windows++;
    }
    assertThat(windows).isEqualTo(4);
    assertThat(mirror.point() - start).isGreaterThan(3 * DAY * 1_000);
    warehouse.assertMirrored(mirror, items);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Invalid snapshot time 1 for table p:d.t@1. Cannot read before 2.     | HISTORY_LOST",
        "Table ID was created at time which is before its allowed time travel interval timestamp."
            + " | HISTORY_LOST",
        "Not found: Table p:d.ITEMS was not found in location US              | SOURCE_TABLE_MISSING",
        "Unrecognized name: NOTE at [1:8]                                     | COLUMN_VANISHED",
        "Access Denied: Table p:d.ITEMS                                       | MISSING_PRIVILEGE"
      })
  void eachErrorLeadsToItsOwnAction(String message, ErrorCode code) throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    warehouse.settle();
    warehouse.service.fail(new SQLException(message));
    assertThatThrownBy(() -> warehouse.step(mirror))
        .isInstanceOfSatisfying(
            MirrorException.class, error -> assertThat(error.code()).isEqualTo(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Exceeded rate limits: too many concurrent queries | 0   | RETRY",
        "rateLimitExceeded                                 | 0   | RETRY",
        "backendError                                      | 0   | RETRY",
        "internalError                                     | 0   | RETRY",
        "slow down                                         | 429 | RETRY",
        "broken                                            | 500 | RETRY",
        "broken                                            | 502 | RETRY",
        "broken                                            | 503 | RETRY",
        "broken                                            | 504 | RETRY",
        "Resources exceeded during query execution         | 0   | SPLIT",
        "Query exceeded limit for bytes billed             | 0   | SPLIT",
        "Job timed out after 600 s                         | 0   | SPLIT"
      })
  void whatMayPassIsAskedAgainAndWhatIsTooMuchIsSplit(String message, int code, Action action)
      throws Exception {
    Feed feed = warehouse.resolve("");
    Mirroring mirror = warehouse.started(items, 3);
    items.commit(writer -> writer.insert(9, "p", "new"));
    warehouse.settle();
    Feed.Observed seen = feed.look(warehouse.connection(), mirror.last()).observed();
    Window window =
        feed.nextWindow(warehouse.connection(), mirror.last(), seen, warehouse.settleMillis())
            .orElseThrow();
    warehouse.service.fail(new SQLException(message, "HY000", code));
    assertThatThrownBy(() -> feed.chunks(warehouse.connection(), window, 100))
        .isInstanceOfSatisfying(
            SQLException.class, error -> assertThat(SqlErrors.classify(error)).isEqualTo(action));
  }

  @Test
  void theTimeTravelIsThatOfTheDataset() throws Exception {
    Feed feed = warehouse.resolve("");
    assertThat(retention(feed)).contains(Duration.ofDays(7));
    warehouse.service.timeTravel(48);
    assertThat(retention(feed)).contains(Duration.ofDays(2));
    Tracking tracking = feed.tracking(warehouse.connection()).orElseThrow();
    assertThat(tracking.scarce(Duration.ofHours(37), 25)).isTrue();
    assertThat(tracking.scarce(Duration.ofHours(35), 25)).isFalse();
    assertThat(warehouse.resolve("").retentionMillis()).hasValue(2 * DAY);

    Mirroring mirror = warehouse.started(items, 3);
    warehouse.later(2 * DAY + 1);
    assertThatThrownBy(() -> warehouse.step(mirror)).hasMessageContaining("MIRROR-2009");
  }

  @Test
  void aTimeTravelThatCannotBeSeenIsUnknownAndNoReasonToStop() throws Exception {
    Feed feed = warehouse.resolve("");
    warehouse.service.fail("SCHEMATA", new SQLException("Access Denied: Dataset p:d"));
    assertThat(retention(feed)).isEmpty();
    assertThat(retention(feed)).isPresent();

    warehouse.service.isElsewhere();
    assertThat(retention(feed)).isEmpty();
    assertThat(warehouse.resolve("").retentionMillis()).isEmpty();
  }

  private Optional<Duration> retention(Feed feed) throws SQLException {
    return feed.tracking(warehouse.connection()).orElseThrow().retention();
  }

  @Test
  void appendsTellWhatWasAddedAndNeedNoHistory() throws Exception {
    items.untrack();
    items.commit(writer -> writer.insert(1, "p", "first"));
    Mirroring mirror =
        new Mirroring(warehouse.resolve(FeedKind.APPENDS, ""), warehouse.settleMillis(), 100);
    warehouse.step(mirror);
    warehouse.settle();
    warehouse.step(mirror);

    items.commit(writer -> writer.insert(2, "p", "second"));
    items.commit(writer -> writer.insert(3, "p", "third"));
    items.commit(writer -> writer.delete("ID", 3));
    items.commit(writer -> writer.update("ID", 1, 1, "p", "changed"));
    warehouse.settle();
    warehouse.step(mirror);

    assertThat(mirror.fold().rows())
        .containsExactlyInAnyOrder(
            List.of("1", "p", "first"), List.of("2", "p", "second"), List.of("3", "p", "third"));
    assertThat(mirror.fold().rejected()).isEmpty();
    assertThat(warehouse.service.statements())
        .anyMatch(sql -> sql.contains("FROM APPENDS(TABLE `p`.`d`.`ITEMS`, TIMESTAMP_MICROS("))
        .noneMatch(sql -> sql.contains("CHANGES("));
  }
}
