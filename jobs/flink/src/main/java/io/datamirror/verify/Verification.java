package io.datamirror.verify;

import io.datamirror.change.ChangeLayout;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Position;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeSchema;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.FeedKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.iceberg.Table;

/**
 * Compares one table of the lake with its source.
 *
 * <p>What the lake must hold is the fold of the source's changes up to the lake's position, under
 * the ordering law. Where it has changes of a window that is not read to its end yet, keys that
 * changed after the position are left out. A source that keeps only its present rows cannot say
 * what it was like at that position: there, keys that changed since are left out. Of a table that
 * forgets keys, a key with late changes may show any state that its source had.
 *
 * <p>Where changes are records and there is a base table, that alone is compared with: a topic need
 * not have its first records any more. Keys whose records came after the position are left out.
 */
public final class Verification {
  private final TablePlan table;
  private final Table lake;
  private final Position position;
  private final boolean ahead;
  private final TooLate tooLate;
  private final int fetchSize;

  private Verification(TablePlan table, Table lake, TooLate tooLate, int fetchSize) {
    this.table = table;
    this.lake = lake;
    TableHistory history = TableHistory.of(lake);
    this.position = new Position(history.position());
    this.ahead = history.epoch() > history.positionEpoch();
    this.tooLate = tooLate;
    this.fetchSize = fetchSize;
  }

  /**
   * Compares a table as it is in the lake now: its snapshot, at the position that it has.
   *
   * @throws io.datamirror.error.MirrorException if the lake lacks a column of the source
   */
  public static Verification of(LakeCatalog catalog, TablePlan table, int fetchSize)
      throws IOException {
    Table lake = catalog.load(table.name());
    LakeSchema.requireReadable(lake.schema(), table.layout());
    return new Verification(table, lake, TooLate.of(catalog, table), fetchSize);
  }

  /**
   * Whether the process was told to end: what a comparison says or fails by from then on counts for
   * nothing.
   */
  public static boolean ending() {
    return ScratchDirectory.ending();
  }

  /**
   * What came of a comparison.
   *
   * @param sourceRows rows that the mirror must have
   * @param lakeRows rows that it has
   * @param movedOn keys that were left out, because their rows changed after the position
   * @param rejected changes of the source that cannot be applied
   * @param late keys that show an earlier state of their source, because a change of theirs came
   *     too late or after their delete was forgotten; they are no differences
   * @param differences how many keys differ
   */
  public record Result(
      long sourceRows, long lakeRows, long movedOn, long rejected, long late, long differences) {}

  /**
   * Reads both sides and hands over each key that differs.
   *
   * @param progress told how many rows were read, again and again
   */
  public Result run(Connection source, Consumer<Difference> differences, LongConsumer progress)
      throws SQLException, IOException {
    try (ScratchDirectory directory = ScratchDirectory.create("mirror-verify-");
        Buckets expected = buckets(directory, "source");
        Buckets actual = buckets(directory, "lake");
        Buckets moved = buckets(directory, "moved")) {
      Feed feed = table.feed().comparable();
      RowCollector changes = new RowCollector(feed.layout(), expected, tooLate);
      readSource(new SourceSide(source, feed, fetchSize, progress), changes, moved);
      new LakeSide(lake, feed.layout(), progress)
          .rows(new RowCollector(feed.layout(), actual, TooLate.NOTHING));
      expected.seal();
      actual.seal();
      moved.seal();
      BucketComparison comparison = new BucketComparison(expected, actual, moved);
      comparison.run(differences);
      return new Result(
          comparison.sourceRows(),
          comparison.lakeRows(),
          comparison.leftOut(),
          changes.rejected(),
          comparison.late(),
          comparison.differences());
    }
  }

  private Buckets buckets(ScratchDirectory directory, String name) throws IOException {
    return new Buckets(table.number(), directory.inner(name));
  }

  private void readSource(SourceSide source, RowCollector changes, Buckets moved)
      throws SQLException {
    boolean pinned = table.feed().snapshot() == Snapshot.PINNED;
    if (pinned && position.beginning()) {
      throw new MirrorException(
          ErrorCode.NO_POSITION_YET,
          table.name(),
          "the lake is not complete to any position of its source yet",
          "Compare when the mirror has read the whole table once.");
    }
    source.base(position, changes);
    if (pinned) {
      // It was the whole table, as it was at this very position.
      if (ahead) {
        leaveOutLater(source, changes.layout(), moved);
      }
      return;
    }
    boolean moving = table.feed().snapshot() == Snapshot.MOVING;
    boolean records = table.spec().feed() == FeedKind.RECORDS;
    if (!moving || !records) {
      source.requireWhole(position);
      source.changes(Position.BEGINNING, position, changes);
    }
    if (ahead
        || moving
        || table.spec().feed() == FeedKind.INCREMENTAL
        || table.feed().forgetsEarlier()) {
      leaveOutLater(source, changes.layout(), moved);
    }
  }

  private void leaveOutLater(SourceSide source, ChangeLayout layout, Buckets moved)
      throws SQLException {
    Position head = source.head(position);
    source.changes(position, head, new RowCollector(layout, moved, TooLate.NOTHING));
  }
}
