package io.datamirror.feed;

import static io.datamirror.sql.SqlErrors.Action.RETRY;
import static io.datamirror.sql.SqlErrors.Action.SPLIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.FeedKind;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.testkit.warehouse.VersionedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
  void theStatementsOfThePlanAreThoseThatAreSent() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    items.commit(writer -> writer.insert(9, "p", "later"));
    warehouse.settle();
    warehouse.step(mirror);
    Feed feed = warehouse.resolve("");
    feed.probe(warehouse.connection());

    assertThat(WarehouseTables.shapes(feed.statements()))
        .isEqualTo(WarehouseTables.shapes(warehouse.service.statements()));
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
        "Not found: Dataset p:d was not found in location US                  | SOURCE_TABLE_MISSING",
        "Unrecognized name: NOTE at [1:8]                                     | COLUMN_VANISHED",
        "Access Denied: Table p:d.ITEMS                                       | MISSING_PRIVILEGE",
        "Query exceeded limit for bytes billed: 10. 20 or higher required.    | QUERY_FAILED"
      })
  void eachErrorLeadsToItsOwnAction(String message, ErrorCode code) throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    warehouse.settle();
    warehouse.service.fail(new SQLException(message));
    assertThatThrownBy(() -> warehouse.step(mirror))
        .isInstanceOfSatisfying(
            MirrorException.class, error -> assertThat(error.code()).isEqualTo(code));
  }

  @Test
  void whoMayNotReadIsToldWhatBigQueryCallsThat() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    warehouse.settle();
    warehouse.service.fail(new SQLException("Access Denied: Table p:d.ITEMS"));
    assertThatThrownBy(() -> warehouse.step(mirror))
        .hasMessageMatching(
            "MIRROR-2004 \\w+: the user may not read it, with no SQL state \\(SQLException\\): Access"
                + " Denied\\. Give the user bigquery\\.tables\\.getData on the table, and, if the"
                + " table has or had row access policies,"
                + " bigquery\\.rowAccessPolicies\\.overrideTimeTravelRestrictions\\.");
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
        "Query exceeded resource limits                    | 0   | SPLIT",
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

  /** What Google's driver throws: its own errors have no state, and their causes tell the most. */
  private static Stream<Arguments> errorsOfGoogle() {
    return Stream.of(
        arguments(
            google(
                "Error encountered during execution. Retrying may solve the problem.",
                new IOException("503 Service Unavailable\nPOST https://bigquery")),
            RETRY),
        arguments(google("The job encountered an internal error during execution", null), RETRY),
        arguments(google("Visibility check was unavailable. Retrying the job may", null), RETRY),
        arguments(google("bigquery", new UnknownHostException("bigquery")), RETRY),
        arguments(google("Read timed out", new SocketTimeoutException("Read timed out")), RETRY),
        arguments(google("?", new IOException("429 Too Many Requests\nGET https://b")), RETRY),
        arguments(google("?", new IOException("502 Bad Gateway")), RETRY),
        arguments(
            google("?", new IOException("Error getting access token", new IOException("500"))),
            RETRY),
        arguments(
            google("?", new IOException("403 Forbidden\n{ \"reason\": \"rateLimitExceeded\" }")),
            RETRY),
        arguments(new SQLException("stopped", google("Resources exceeded during", null)), SPLIT));
  }

  /** As {@code BigQueryJdbcException} is made of a {@code BigQueryException}. */
  private static SQLException google(String text, IOException cause) {
    return new SQLException(new IllegalStateException(text, cause));
  }

  @ParameterizedTest
  @MethodSource("errorsOfGoogle")
  void whatGooglesDriverThrowsLeadsToTheSame(SQLException error, Action action) throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    items.commit(writer -> writer.insert(9, "p", "new"));
    warehouse.settle();
    Chunk chunk = mirror.plan(warehouse.connection()).orElseThrow().get(0);
    warehouse.service.fail(error);
    assertThatThrownBy(() -> mirror.read(warehouse.connection(), chunk, Resume.START, 10))
        .isInstanceOfSatisfying(
            SQLException.class, told -> assertThat(SqlErrors.classify(told)).isEqualTo(action));
  }

  private static Stream<Arguments> errorsForGood() {
    return Stream.of(
        arguments(
            google("Quota exceeded: canary", new IOException("403 Forbidden\nPOST canary")),
            "no SQL state (IOException): Quota exceeded"),
        arguments(
            google("canary", new IOException("token: 400", new IOException("400 Bad Request"))),
            "no SQL state (IOException)"),
        arguments(
            google("canary", new NoSuchFileException("canary.json")),
            "no SQL state (NoSuchFileException)"),
        arguments(
            google("Query exceeded limit for bytes billed: canary", null),
            "no SQL state (IllegalStateException): Query exceeded limit for bytes billed"),
        arguments(
            google("Invalid value: 'canary'", null),
            "no SQL state (IllegalStateException): Invalid value"));
  }

  @ParameterizedTest
  @MethodSource("errorsForGood")
  void whatNobodyKnowsIsShownByHowItBegins(SQLException error, String shown) throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    warehouse.settle();
    warehouse.service.fail(error);
    assertThatThrownBy(() -> warehouse.step(mirror))
        .hasMessage(
            "MIRROR-2005 items: the database refuses a query with "
                + shown
                + ". Look for its message in the database's log or query history, or run what plan"
                + " prints in another client: here it is left out, since it may hold values.");
  }

  @Test
  void whatADriverThrowsUncheckedIsOfTheSourceWhereItsCausesAre() throws Exception {
    NativeErrors errors = new NativeErrors(((NativeFeed) warehouse.resolve("")).columns(), null);
    IOException lost = new IOException("Connection reset");

    assertThatThrownBy(() -> errors.run(thrower(new IllegalStateException("page", lost))))
        .isInstanceOfSatisfying(
            SQLException.class, told -> assertThat(SqlErrors.classify(told)).isEqualTo(RETRY));
    assertThatThrownBy(
            () -> errors.run(thrower(new IllegalStateException(google("Job timed out", null)))))
        .isInstanceOfSatisfying(
            SQLException.class, told -> assertThat(SqlErrors.classify(told)).isEqualTo(SPLIT));
    for (RuntimeException other :
        List.of(new IllegalStateException("mistake"), new UncheckedIOException(lost))) {
      assertThatThrownBy(() -> errors.run(thrower(other))).isSameAs(other);
    }
  }

  private static NativeErrors.Call<Void> thrower(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  @Test
  void aSnapshotOfManyChunksIsFewStatements() throws Exception {
    items.commit(
        writer -> {
          for (int i = 0; i < 1_000; i++) {
            writer.insert(i, "p", "note");
          }
        });
    Mirroring mirror = new Mirroring(warehouse.resolve(""), warehouse.settleMillis(), 100);
    warehouse.step(mirror);
    warehouse.settle();
    warehouse.step(mirror);
    warehouse.assertMirrored(mirror, items);
    assertThat(warehouse.service.statements())
        .filteredOn(sql -> sql.contains("FOR SYSTEM_TIME AS OF") && sql.contains("ORDER BY"))
        .hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "100,    100, 100",
    "1000,  100, 251",
    "3199,  100, 800",
    "3200,  100, 800",
    "90000, 100, 800",
    "90000, 9223372036854775807, 9223372036854775807"
  })
  void partsGrowToAFewAndNotBeyondWhatCanBeSorted(long count, long rows, long expected) {
    PartSize size = new PartSize(rows, 4);
    assertThat(size.rowsOf(count)).isEqualTo(expected);
    assertThat(PartSize.of(rows).rowsOf(Long.MAX_VALUE)).isGreaterThanOrEqualTo(rows);
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
