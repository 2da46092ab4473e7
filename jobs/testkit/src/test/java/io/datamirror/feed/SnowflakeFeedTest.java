package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.ProblemsException;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.testkit.warehouse.SnowflakeServer.Fault;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snowflake's own driver against a server that keeps Snowflake's rules. */
class SnowflakeFeedTest {

  private static final long SETTLE = 60_000;

  private SnowflakeTables warehouse;
  private VersionedTable items;

  @BeforeEach
  void begin() throws Exception {
    warehouse = new SnowflakeTables();
    items = warehouse.items();
  }

  @AfterEach
  void end() throws Exception {
    assertThat(warehouse.server.unknown()).isEmpty();
    warehouse.close();
  }

  private void later(long millis) {
    warehouse.clock.addAndGet(millis);
  }

  /** A table of some rows, mirrored as of a moment after they were written. */
  private Mirroring started(int rows) throws Exception {
    items.commit(
        writer -> {
          for (int i = 0; i < rows; i++) {
            writer.insert(i, "p" + i % 3, "note " + i);
          }
        });
    Mirroring mirror = new Mirroring(warehouse.resolve(""), SETTLE, 100);
    assertThat(mirror.step(List.of(warehouse.connection()))).isFalse();
    later(SETTLE + 10);
    assertThat(mirror.step(List.of(warehouse.connection()))).isTrue();
    return mirror;
  }

  private void assertMirrored(Mirroring mirror) throws SQLException {
    assertThat(mirror.fold().rows())
        .containsExactlyInAnyOrderElementsOf(items.rowsAt(mirror.point()));
  }

  @Test
  void theSnapshotIsOfOneMomentAndNoEarlierThanTrackingWasSeen() throws Exception {
    Mirroring mirror = started(1_000);
    assertThat(mirror.fold().rows()).hasSize(1_000);
    assertMirrored(mirror);
    assertThat(warehouse.server.statements())
        .filteredOn(sql -> sql.contains("ORDER BY") && sql.contains(" AT("))
        .hasSize(10)
        .allSatisfy(sql -> assertThat(sql).contains("TO_TIMESTAMP_LTZ(" + mirror.point() + ", 3)"));
  }

  @Test
  void theKeyIsFoundInItsOwnOrder() throws Exception {
    Feed feed = warehouse.resolve("");
    assertThat(feed.layout().key())
        .extracting(i -> feed.layout().columns().get(i).source())
        .containsExactly("ID", "PART");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aThousandRandomUnitsEndInTheSourcesOwnRows(int parallelism) throws Exception {
    long seed = 20_260_101L + parallelism;
    Random random = new Random(seed);
    Mirroring mirror = started(300);
    List<Connection> connections = new ArrayList<>();
    Connections more = Connections.to(warehouse.source(), name -> "", text -> {});
    for (int i = 0; i < parallelism; i++) {
      connections.add(more.open());
    }
    for (int unit = 0; unit < 1_000; unit++) {
      RandomUnits.commit(items, random);
      later(random.nextInt(2_000));
      if (random.nextInt(25) == 0) {
        mirror.step(connections);
        assertThat(mirror.fold().rows())
            .as("seed %d, unit %d", seed, unit)
            .containsExactlyInAnyOrderElementsOf(items.rowsAt(mirror.point()));
      }
      if (random.nextInt(100) == 0) {
        int which = random.nextInt(parallelism);
        connections.get(which).close();
        connections.set(which, more.open());
      }
    }
    later(SETTLE + 1);
    mirror.step(connections);
    assertMirrored(mirror);
    assertThat(mirror.fold().conflicts()).isZero();
    for (Connection connection : connections) {
      connection.close();
    }
  }

  @Test
  void anUpdateOfTheKeyRemovesTheOldOne() throws Exception {
    Mirroring mirror = started(3);
    items.commit(writer -> writer.update("ID", 1, 77, "p1", "moved"));
    later(SETTLE + 1);
    mirror.step(List.of(warehouse.connection()));
    assertThat(mirror.fold().rows()).extracting(row -> row.get(0)).containsOnly("0", "77", "2");
  }

  @Test
  void aDeletedAndAnotherRowOfTheSameKeyInOneWindowIsTheOther() throws Exception {
    Mirroring mirror = started(3);
    items.commit(writer -> writer.delete("ID", 1));
    items.commit(writer -> writer.insert(1, "p1", "another"));
    later(SETTLE + 1);
    mirror.step(List.of(warehouse.connection()));
    assertMirrored(mirror);
  }

  @Test
  void anIdleTableMovesOn() throws Exception {
    Mirroring mirror = started(3);
    long before = mirror.point();
    later(3_600_000);
    assertThat(mirror.plan(warehouse.connection())).contains(List.of());
    assertThat(mirror.point()).isEqualTo(before + 3_600_000);
  }

  @Test
  void twoRowsOfOneKeyAreAConflict() throws Exception {
    Mirroring mirror = started(3);
    items.commit(
        writer -> {
          writer.insert(9, "p", "one");
          writer.insert(9, "p", "other");
        });
    later(SETTLE + 1);
    mirror.step(List.of(warehouse.connection()));
    assertThat(mirror.fold().conflicts()).isEqualTo(1);
    assertThat(mirror.fold().rows()).hasSize(4);
  }

  @Test
  void aBrokenFetchIsResumedInTheSameWindow() throws Exception {
    Mirroring mirror = started(10);
    items.commit(
        writer -> {
          for (int i = 1_000; i < 2_000; i++) {
            writer.insert(i, "q", "many");
          }
        });
    later(SETTLE + 1);
    List<Chunk> chunks = mirror.plan(warehouse.connection()).orElseThrow();
    Chunk chunk = chunks.get(0);
    Resume resume = mirror.read(warehouse.connection(), chunk, Resume.START, 50);
    warehouse.server.fail(sql -> sql.contains("CHANGES"), Fault.EXPIRED);
    assertThatThrownBy(() -> mirror.read(warehouse.connection(), chunk, resume, 50))
        .isInstanceOfSatisfying(
            SQLException.class,
            error -> assertThat(SqlErrors.classify(error)).isEqualTo(Action.RETRY));
    warehouse.reconnect();
    later(1_000_000);
    mirror.read(warehouse.connection(), chunk, resume, Integer.MAX_VALUE);
    for (Chunk other : chunks.subList(1, chunks.size())) {
      mirror.read(warehouse.connection(), other, Resume.START, Integer.MAX_VALUE);
    }
    assertMirrored(mirror);
    assertThat(mirror.fold().changes()).isEqualTo(1_010);
    assertThat(
            warehouse.server.statements().stream()
                .filter(sql -> sql.contains("CHANGES"))
                .map(sql -> sql.replaceAll(".*( AT\\(.*?3\\)\\) END\\(.*?3\\)\\)).*", "$1")))
        .hasSizeGreaterThan(3)
        .allMatch(
            bounds -> bounds.contains(", 3)) END(TIMESTAMP => TO_TIMESTAMP_LTZ(" + mirror.point()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CUT", "BUSY"})
  void theDriverItselfGetsOverABadMoment(Fault fault) throws Exception {
    Mirroring mirror = started(1_000);
    items.commit(
        writer -> {
          for (int i = 1_000; i < 2_000; i++) {
            writer.insert(i, "q", "many");
          }
        });
    later(SETTLE + 1);
    Mirroring whole = mirror;
    List<Chunk> chunks = whole.plan(warehouse.connection()).orElseThrow();
    warehouse.server.fail(sql -> sql.contains("CHANGES"), fault);
    for (Chunk chunk : chunks) {
      whole.read(warehouse.connection(), chunk, Resume.START, Integer.MAX_VALUE);
    }
    assertThat(warehouse.server.allFailed()).isTrue();
    assertMirrored(whole);
  }

  @Test
  void aWindowThatTakesTooLongIsPlannedShorterAndNothingIsSkipped() throws Exception {
    Mirroring mirror = started(3);
    items.commit(writer -> writer.insert(9, "p", "first"));
    later(10_000);
    items.commit(writer -> writer.insert(10, "p", "second"));
    later(SETTLE + 10_000);
    Feed feed = warehouse.resolve("");
    Feed.Observed seen =
        new Feed.Observed(
            feed.head(warehouse.connection(), mirror.last()),
            feed.clockMillis(warehouse.connection()));
    Window window =
        feed.nextWindow(warehouse.connection(), mirror.last(), seen, SETTLE).orElseThrow();
    warehouse.server.fail(sql -> sql.contains("CHANGES"), Fault.TIMEOUT);
    assertThatThrownBy(() -> feed.chunks(warehouse.connection(), window, 100))
        .isInstanceOfSatisfying(
            SQLException.class,
            error -> assertThat(SqlErrors.classify(error)).isEqualTo(Action.SPLIT));
    Window shorter = feed.narrower(window).orElseThrow();
    assertThat(shorter.from()).isEqualTo(window.from());
    assertThat(feed.compare(shorter.to(), window.to())).isNegative();
    assertThat(feed.more(shorter, seen, SETTLE)).isTrue();
    assertThat(feed.more(window, seen, SETTLE)).isFalse();
  }

  private void assertNamed(ErrorCode code, ThrowingStep step) {
    assertThatThrownBy(step::run)
        .isInstanceOfSatisfying(
            MirrorException.class, error -> assertThat(error.code()).isEqualTo(code));
  }

  private interface ThrowingStep {
    void run() throws Exception;
  }

  @Test
  void whatIsBeyondTheRetentionIsLost() throws Exception {
    Mirroring mirror = started(3);
    later(25 * 3_600_000L);
    assertNamed(ErrorCode.HISTORY_LOST, () -> mirror.step(List.of(warehouse.connection())));
  }

  @Test
  void trackingThatIsOffIsTheUsersToTurnOn() throws Exception {
    Mirroring mirror = started(3);
    items.untrack();
    later(SETTLE + 1);
    assertThatThrownBy(() -> mirror.step(List.of(warehouse.connection())))
        .hasMessageContaining("MIRROR-2020")
        .hasMessageContaining("ALTER TABLE \"DB\".\"SCH\".\"ITEMS\" SET CHANGE_TRACKING = TRUE;");
  }

  @Test
  void trackingThatWasOffInBetweenHasLostChanges() throws Exception {
    Mirroring mirror = started(3);
    items.untrack();
    later(10);
    items.track();
    later(SETTLE + 1);
    assertNamed(ErrorCode.HISTORY_LOST, () -> mirror.step(List.of(warehouse.connection())));
  }

  @Test
  void trackingThatIsTurnedOffUnderAReaderIsTheUsers() throws Exception {
    Mirroring mirror = started(3);
    items.commit(writer -> writer.insert(9, "p", "new"));
    later(SETTLE + 1);
    Chunk chunk = mirror.plan(warehouse.connection()).orElseThrow().get(0);
    items.untrack();
    assertNamed(
        ErrorCode.TRACKING_OFF,
        () -> mirror.read(warehouse.connection(), chunk, Resume.START, Integer.MAX_VALUE));
  }

  @Test
  void aTableThatWasReplacedIsAnotherOne() throws Exception {
    Mirroring mirror = started(3);
    later(10);
    items = warehouse.items();
    later(SETTLE + 1);
    assertNamed(
        ErrorCode.SOURCE_TABLE_RECREATED, () -> mirror.step(List.of(warehouse.connection())));
  }

  @Test
  void aColumnThatVanishedIsNamed() throws Exception {
    Mirroring mirror = started(3);
    items.commit(writer -> writer.insert(9, "p", "new"));
    later(SETTLE + 1);
    Chunk chunk = mirror.plan(warehouse.connection()).orElseThrow().get(0);
    try (var engine = warehouse.server.tables().open();
        var statement = engine.createStatement()) {
      statement.execute("ALTER TABLE " + items.engineName() + " RENAME COLUMN NOTE TO OTHER");
    }
    assertNamed(
        ErrorCode.COLUMN_VANISHED,
        () -> mirror.read(warehouse.connection(), chunk, Resume.START, Integer.MAX_VALUE));
  }

  @Test
  void aTableThatIsGoneIsNamed() throws Exception {
    Mirroring mirror = started(3);
    warehouse.server.tables().drop("ITEMS");
    assertNamed(ErrorCode.NO_CHANGE_FEED, () -> mirror.step(List.of(warehouse.connection())));
    assertThatThrownBy(() -> warehouse.resolve(""))
        .isInstanceOfSatisfying(
            ProblemsException.class,
            error ->
                assertThat(error.problems().get(0).code())
                    .isEqualTo(ErrorCode.SOURCE_TABLE_MISSING));
  }

  @Test
  void trackingSaysWhatIsLeftOfTheRetention() throws Exception {
    Feed feed = warehouse.resolve("");
    items.retainDays(7);
    Optional<Tracking> tracking = feed.tracking(warehouse.connection());
    assertThat(tracking.orElseThrow().retention()).contains(java.time.Duration.ofDays(7));
    assertThat(tracking.get().scarce(java.time.Duration.ofDays(6), 25)).isTrue();
    assertThat(tracking.get().scarce(java.time.Duration.ofDays(5), 25)).isFalse();
  }

  @Test
  void aTextKeyIsCutByItsOwnOrder() throws Exception {
    VersionedTable words =
        warehouse
            .server
            .tables()
            .create(
                "ITEMS",
                List.of(
                    new Column("W", "VARCHAR(20)", "VARCHAR", false),
                    new Column("N", "NUMBER(9,0)", "NUMERIC(9)", true)),
                List.of("W"));
    items = words;
    words.commit(
        writer -> {
          for (int i = 0; i < 500; i++) {
            writer.insert("w" + (i * 7919) % 500, i);
          }
        });
    Mirroring mirror = new Mirroring(warehouse.resolve(""), SETTLE, 50);
    mirror.step(List.of(warehouse.connection()));
    later(SETTLE + 10);
    List<Chunk> chunks = mirror.plan(warehouse.connection()).orElseThrow();
    assertThat(chunks).hasSizeBetween(10, 11);
    for (Chunk chunk : chunks) {
      mirror.read(warehouse.connection(), chunk, Resume.START, Integer.MAX_VALUE);
    }
    assertThat(mirror.fold().changes()).isEqualTo(500);
    assertMirrored(mirror);
  }

  @Test
  void rowsWithoutAKeyAreInTheLedger() throws Exception {
    items =
        warehouse
            .server
            .tables()
            .create(
                "ITEMS",
                List.of(
                    new Column("ID", "NUMBER(18,0)", "NUMERIC(18)", true),
                    new Column("N", "NUMBER(9,0)", "NUMERIC(9)", true)),
                List.of());
    items.commit(
        writer -> {
          for (int i = 0; i < 300; i++) {
            writer.insert(i, i);
          }
          writer.insert(null, 5);
        });
    Mirroring mirror = new Mirroring(warehouse.resolve("primary-key: [ID]"), SETTLE, 100);
    mirror.step(List.of(warehouse.connection()));
    later(SETTLE + 10);
    mirror.step(List.of(warehouse.connection()));
    assertThat(mirror.fold().rows()).hasSize(300);
    assertThat(mirror.fold().rejected()).hasSize(1);
  }

  @Test
  void theStatementsOfThePlanAreThoseThatAreSent() throws Exception {
    Feed feed = warehouse.resolve("");
    assertThat(feed.statements())
        .contains(
            "SHOW TABLES IN SCHEMA \"DB\".\"SCH\" STARTS WITH 'ITEMS'",
            "SELECT DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())")
        .anySatisfy(
            sql ->
                assertThat(sql)
                    .contains(
                        "FROM \"DB\".\"SCH\".\"ITEMS\" CHANGES(INFORMATION => DEFAULT)"
                            + " AT(TIMESTAMP => TO_TIMESTAMP_LTZ(0, 3))"
                            + " END(TIMESTAMP => TO_TIMESTAMP_LTZ(1, 3))"));
  }

  @Test
  void aWrongPasswordIsSaidAndNotRetried() {
    Connections wrong =
        Connections.to(
            io.datamirror.spec.SpecReader.read(
                    warehouse.text("").replace("password: p", "password: wrong"))
                .source(),
            name -> "",
            text -> {});
    assertThatThrownBy(wrong::open).hasMessageContaining("MIRROR-2002");
  }
}
