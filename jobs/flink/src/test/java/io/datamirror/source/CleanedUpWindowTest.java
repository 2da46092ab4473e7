package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.connect.HeldConnection;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.source.SourceSettings.Board;
import io.datamirror.source.SourceSettings.Until;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes are cleaned up while a window of them is half read, and nobody reads. */
class CleanedUpWindowTest {

  private static final SourceSettings SETTINGS = SourceSettings.of(Until.STOPPED).withBatchRows(20);

  private H2Warehouse warehouse;
  private MirrorPlan plan;
  private HeldConnection connection;
  private MirrorSplit halfRead;

  @BeforeEach
  void readSomeOfTheRowsFrom11To100() throws SQLException {
    warehouse = new H2Warehouse().changeTable("T", 100);
    plan = warehouse.plan(warehouse.url(), "T");
    connection = new HeldConnection(SourceConnections.to(plan.spec().source()));
    halfRead = halfRead("10", "100");
  }

  private MirrorSplit halfRead(String from, String to) {
    MirrorSplit split = chunk(0, from, to);
    Batch first = read(split, opener());
    assertThat(first.rows()).isEqualTo(20);
    return split.at(first.after());
  }

  private static MirrorSplit chunk(int index, String from, String to) {
    Window window = new Window(new Position("10"), new Position("100"), 1);
    WindowFrame frame = new WindowFrame("t", 2, window, "100", Long.MIN_VALUE, Long.MIN_VALUE);
    Chunk chunk = new Chunk(Chunk.Part.CHANGES, from, to);
    return new ChunkSplit(frame, index, 2, chunk, Reading.NONE);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    warehouse.close();
  }

  @Test
  void what_may_have_gone_unread_ends_the_job() throws SQLException {
    warehouse.run("DELETE FROM T WHERE seq <= 50");

    assertLost();
  }

  @Test
  void a_window_of_which_nothing_is_left_ends_the_job() throws SQLException {
    warehouse.run("DELETE FROM T");
    assertLost();

    warehouse.append("T", 200, 210);
    assertLost();
  }

  @Test
  void what_was_read_before_the_window_may_go() throws SQLException {
    warehouse.run("DELETE FROM T WHERE seq <= 10");

    assertThat(goOn().rows()).isEqualTo(20);
  }

  @Test
  void what_was_read_of_the_window_may_go_but_for_the_newest_row() throws SQLException {
    warehouse.run("DELETE FROM T WHERE seq < 30");
    assertThat(goOn().rows()).isEqualTo(20);

    warehouse.run("DELETE FROM T WHERE seq <= 30");
    assertLost();
  }

  @Test
  void of_rows_that_share_a_cursor_value_those_that_were_not_read_may_not_go() throws SQLException {
    warehouse.run("ALTER TABLE T DROP PRIMARY KEY");
    warehouse.run("UPDATE T SET seq = 30 WHERE seq BETWEEN 31 AND 35");
    warehouse.run("UPDATE T SET seq = 31 WHERE seq = 36");
    warehouse.run("DELETE FROM T WHERE seq <= 30");

    assertLost();
  }

  @Test
  void of_rows_that_share_a_cursor_value_those_that_were_read_may_go() throws SQLException {
    warehouse.run("ALTER TABLE T DROP PRIMARY KEY");
    warehouse.run("UPDATE T SET seq = 30 WHERE seq = 31");
    warehouse.run("DELETE FROM T WHERE id <= 30");

    assertThat(goOn().rows()).isEqualTo(20);
  }

  @Test
  void a_chunk_may_lose_the_ones_before_it_that_were_read() throws SQLException {
    halfRead = chunk(1, "30", "100");
    warehouse.run("DELETE FROM T WHERE seq <= 30");
    assertThat(goOn().rows()).isEqualTo(20);

    warehouse.run("DELETE FROM T WHERE seq <= 31");
    assertLost();
  }

  @Test
  void a_chunk_whose_rows_were_all_read_may_lose_all_but_the_newest() throws SQLException {
    halfRead = halfRead("10", "30");
    warehouse.run("DELETE FROM T WHERE seq < 30");
    assertThat(goOn().rows()).isZero();

    warehouse.run("DELETE FROM T WHERE seq = 30");
    assertLost();
  }

  @Test
  void a_reader_that_never_stood_still_does_not_look() throws SQLException {
    warehouse.run("DELETE FROM T WHERE seq <= 50");

    assertThat(read(halfRead, opener()).rows()).isEqualTo(20);
  }

  private void assertLost() {
    assertThatThrownBy(this::goOn)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageStartingWith(
            "MIRROR-2009 PUBLIC.T: every row up to where it was read is gone, and maybe rows behind"
                + " it: its changes were cleaned up. ");
  }

  /** As a reader does that begins with the split. */
  private Batch goOn() {
    SplitOpener opener = opener();
    opener.doubt(halfRead);
    return read(halfRead, opener);
  }

  private SplitOpener opener() {
    return new SplitOpener(plan, SETTINGS, NothingRecalled.INSTANCE, connection);
  }

  private Batch read(MirrorSplit split, SplitOpener opener) {
    SplitFetch fetch =
        new SplitFetch(
            opener,
            connection,
            SETTINGS,
            SourceProgress.of("cleaned up", Board.OWN),
            new AtomicReference<>());
    fetch.handleSplitsChanges(new SplitsAddition<>(List.of(split)));
    RecordsWithSplitIds<Batch> fetched = fetch.fetch();
    fetch.close();
    fetched.nextSplit();
    return fetched.nextRecordFromSplit();
  }
}
