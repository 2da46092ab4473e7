package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.ProblemsException;
import io.datamirror.testkit.warehouse.SnowflakeServer.Fault;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Snowflake's own driver against a server that keeps Snowflake's rules. */
class SnowflakeFeedTest {

  private SnowflakeTables warehouse;
  private VersionedTable items;

  @BeforeEach
  void begin() throws Exception {
    warehouse = new SnowflakeTables();
    items = warehouse.items();
  }

  @AfterEach
  void end() throws Exception {
    warehouse.close();
  }

  @Test
  void theSnapshotIsOfOneMomentAndNoEarlierThanTrackingWasSeen() throws Exception {
    Mirroring mirror = warehouse.started(items, 1_000);
    assertThat(mirror.fold().rows()).hasSize(1_000);
    warehouse.assertMirrored(mirror, items);
    assertThat(warehouse.server.statements())
        .filteredOn(sql -> sql.contains("ORDER BY") && sql.contains(" AT("))
        .hasSize(10)
        .allSatisfy(sql -> assertThat(sql).contains("TO_TIMESTAMP_LTZ(" + mirror.point() + ", 3)"));
  }

  @Test
  void aDeletedAndAnotherRowOfTheSameKeyInOneWindowIsTheOther() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    items.commit(writer -> writer.delete("ID", 1));
    items.commit(writer -> writer.insert(1, "p1", "another"));
    warehouse.settle();
    warehouse.step(mirror);
    warehouse.assertMirrored(mirror, items);
  }

  @Test
  void aKeyThatIsAnInstantStaysOneKeyWhenItsOffsetChanges() throws Exception {
    items =
        warehouse
            .server
            .tables()
            .create(
                "ITEMS",
                List.of(
                    new Column("T", "TIMESTAMP_TZ(9)", "TIMESTAMP(9) WITH TIME ZONE", false),
                    new Column("N", "NUMBER(9,0)", "NUMERIC(9)", true)),
                List.of("T"));
    OffsetDateTime east = OffsetDateTime.parse("2024-01-01T02:00:00+02:00");
    OffsetDateTime west = OffsetDateTime.parse("2023-12-31T19:00:00-05:00");
    items.commit(writer -> writer.insert(east, 2));
    Feed feed = warehouse.resolve("version: [N]");
    Mirroring mirror = new Mirroring(feed, warehouse.settleMillis(), 100);
    warehouse.step(mirror);
    warehouse.settle();
    warehouse.step(mirror);
    items.commit(writer -> writer.update("T", east, west, 1));
    warehouse.settle();
    warehouse.step(mirror);
    assertThat(mirror.fold().rows())
        .as("the update loses by its version, and deletes nothing")
        .singleElement()
        .asString()
        .endsWith(", 2]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"PART, ID | true", "PART, ID | false", "ID | true"})
  void anotherKeyIsNotFollowed(String key, boolean grows) throws Exception {
    Feed feed = warehouse.resolve("");
    List<Column> columns = new ArrayList<>(SnowflakeTables.ITEMS);
    if (grows) {
      columns.add(new Column("CITY", "VARCHAR(16777216)", "VARCHAR", true));
    }
    warehouse.tables().create("ITEMS", columns, List.of(key.split(", ")));

    assertThat(warehouse.changed(feed, ""))
        .isInstanceOfSatisfying(
            SchemaChange.Refused.class,
            refused ->
                assertThat(refused.problem().text())
                    .isEqualTo(
                        "MIRROR-4051 items: the key of DB.SCH.ITEMS was [ID, PART] and is [%s]. A"
                            + " table keeps its key for life: write primary-key: [ID, PART] and"
                            + " start the mirror again, or mirror the table under another name.",
                        key));
  }

  @Test
  void aKeyThatTheSpecWritesIsNotAskedFor() throws Exception {
    Feed feed = warehouse.resolve("primary-key: [ID, PART]");
    warehouse.tables().create("ITEMS", SnowflakeTables.ITEMS, List.of("PART", "ID"));
    assertThat(warehouse.changed(feed, "primary-key: [ID, PART]"))
        .isInstanceOf(SchemaChange.None.class);
  }

  @Test
  void anIdleTableMovesOn() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    long before = mirror.point();
    warehouse.later(3_600_000);
    assertThat(mirror.plan(warehouse.connection())).contains(List.of());
    assertThat(mirror.point()).isEqualTo(before + 3_600_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CUT", "BUSY"})
  void aPartOfAResultThatBreaksOffIsFetchedAgain(Fault fault) throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    items.commit(
        writer -> {
          for (int i = 1_000; i < 2_000; i++) {
            writer.insert(7, "p" + i, "many of one first key, so that they are one chunk");
          }
        });
    warehouse.settle();
    List<Chunk> chunks = mirror.plan(warehouse.connection()).orElseThrow();
    warehouse.server.failChunk(fault);
    mirror.read(List.of(warehouse.connection()), chunks);
    assertThat(warehouse.server.allFailed()).isTrue();
    assertThat(mirror.fold().changes()).isEqualTo(1_003);
    warehouse.assertMirrored(mirror, items);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "000707 | 02000 | Time travel data is not available for table ITEMS.      | HISTORY_LOST",
        "001234 | 55000 | Change tracking is not enabled or has been missing.     | HISTORY_LOST",
        "002203 | 22023 | Change tracking is not supported on dynamic tables with | QUERY_FAILED",
        "002003 | 42S02 | Object 'ITEMS' does not exist or not authorized.        | SOURCE_TABLE_MISSING",
        "002043 | 02000 | Object does not exist, or operation cannot be performed.| SOURCE_TABLE_MISSING",
        "000904 | 42000 | invalid identifier 'NOTE'                               | COLUMN_VANISHED",
        "003001 | 42501 | Insufficient privileges to operate on table 'ITEMS'     | MISSING_PRIVILEGE",
        "000606 | 57P03 | No active warehouse selected in the current session.    | QUERY_FAILED"
      })
  void eachErrorLeadsToItsOwnAction(String code, String state, String message, ErrorCode named)
      throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    warehouse.settle();
    warehouse.server.refuseChanges(code, state, message);
    assertNamed(named, () -> warehouse.step(mirror));
  }

  @Test
  void anErrorThatNobodyKnowsIsShownByItsNumbersAlone() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    warehouse.settle();
    warehouse.server.refuseChanges("100038", "22018", "Numeric value 'canary' is not recognized");
    assertThatThrownBy(() -> warehouse.step(mirror))
        .hasMessageContaining("refuses a query with SQL state 22018, code 100038 (")
        .hasMessageNotContaining("canary");
  }

  @Test
  void aSnapshotFromBeforeTheTableWasCreatedIsNotThere() throws Exception {
    Feed feed = warehouse.resolve("");
    Identity identity = feed.identity(warehouse.connection());
    Position before = Point.at(items.createdAt() - 1, identity).position();
    assertNamed(
        ErrorCode.HISTORY_LOST, () -> feed.snapshotChunks(warehouse.connection(), before, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CUT", "BUSY"})
  void theDriverItselfGetsOverABadMoment(Fault fault) throws Exception {
    Mirroring mirror = warehouse.started(items, 1_000);
    items.commit(
        writer -> {
          for (int i = 1_000; i < 2_000; i++) {
            writer.insert(i, "q", "many");
          }
        });
    warehouse.settle();
    Mirroring whole = mirror;
    List<Chunk> chunks = whole.plan(warehouse.connection()).orElseThrow();
    warehouse.server.fail(sql -> sql.contains("CHANGES"), fault);
    for (Chunk chunk : chunks) {
      whole.read(warehouse.connection(), chunk, Resume.START, Integer.MAX_VALUE);
    }
    assertThat(warehouse.server.allFailed()).isTrue();
    warehouse.assertMirrored(whole, items);
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
  void trackingThatWasOffInBetweenHasLostChanges() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    items.untrack();
    warehouse.later(10);
    items.track();
    warehouse.settle();
    assertNamed(ErrorCode.HISTORY_LOST, () -> warehouse.step(mirror));
  }

  @Test
  void trackingThatIsTurnedOffUnderAReaderIsTheUsers() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    items.commit(writer -> writer.insert(9, "p", "new"));
    warehouse.settle();
    Chunk chunk = mirror.plan(warehouse.connection()).orElseThrow().get(0);
    items.untrack();
    assertNamed(
        ErrorCode.TRACKING_OFF,
        () -> mirror.read(warehouse.connection(), chunk, Resume.START, Integer.MAX_VALUE));
  }

  @Test
  void aColumnThatVanishedIsNamed() throws Exception {
    Mirroring mirror = warehouse.started(items, 3);
    items.commit(writer -> writer.insert(9, "p", "new"));
    warehouse.settle();
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
    Mirroring mirror = warehouse.started(items, 3);
    warehouse.server.tables().drop("ITEMS");
    assertNamed(ErrorCode.SOURCE_TABLE_MISSING, () -> warehouse.step(mirror));
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
    Mirroring mirror = new Mirroring(warehouse.resolve(""), warehouse.settleMillis(), 50);
    warehouse.step(mirror);
    warehouse.settle();
    List<Chunk> chunks = mirror.plan(warehouse.connection()).orElseThrow();
    assertThat(chunks).hasSizeBetween(10, 11);
    for (Chunk chunk : chunks) {
      mirror.read(warehouse.connection(), chunk, Resume.START, Integer.MAX_VALUE);
    }
    assertThat(mirror.fold().changes()).isEqualTo(500);
    warehouse.assertMirrored(mirror, items);
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
    Mirroring mirror =
        new Mirroring(warehouse.resolve("primary-key: [ID]"), warehouse.settleMillis(), 100);
    warehouse.step(mirror);
    warehouse.settle();
    warehouse.step(mirror);
    assertThat(mirror.fold().rows()).hasSize(300);
    assertThat(mirror.fold().rejected()).hasSize(1);
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
        .isEqualTo(WarehouseTables.shapes(warehouse.server.statements()));
  }

  @Test
  void whatTheUserMayNotReadIsToldBeforeItIsRead() throws Exception {
    Feed feed = warehouse.resolve("");
    feed.probe(warehouse.connection());
    warehouse.server.refuse(
        sql -> sql.startsWith("EXPLAIN USING TEXT SELECT \"ID\", "),
        "003001",
        "42501",
        "Insufficient privileges to operate on table 'ITEMS'");

    assertNamed(ErrorCode.MISSING_PRIVILEGE, () -> feed.probe(warehouse.connection()));
    assertThat(warehouse.server.allFailed()).isTrue();
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
