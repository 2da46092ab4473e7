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
    Window window = new Window(new Position("10"), new Position("100"), 1);
    WindowFrame frame = new WindowFrame("t", 2, window, "100", Long.MIN_VALUE, Long.MIN_VALUE);
    Chunk chunk = new Chunk(Chunk.Part.CHANGES, "10", "100");
    MirrorSplit split = new ChunkSplit(frame, 0, 1, chunk, Reading.NONE);
    Batch first = read(split, opener());
    assertThat(first.rows()).isEqualTo(20);
    halfRead = split.at(first.after());
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
