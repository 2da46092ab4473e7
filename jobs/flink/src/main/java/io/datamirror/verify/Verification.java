package io.datamirror.verify;

import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Position;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.FeedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.iceberg.Table;

/**
 * Compares one table of the lake with its source.
 *
 * <p>What the lake must hold is the fold of the source's changes up to the lake's position, under
 * the ordering law. A source that keeps only its present rows cannot say what it was like at that
 * position: there, keys that changed since are left out.
 */
public final class Verification {
  private final TablePlan table;
  private final Table lake;
  private final Position position;
  private final int fetchSize;

  /**
   * @param lake the table as it was loaded; its current snapshot is compared
   * @param position what that snapshot is complete to
   */
  public Verification(TablePlan table, Table lake, Position position, int fetchSize) {
    this.table = table;
    this.lake = lake;
    this.position = position;
    this.fetchSize = fetchSize;
  }

  /**
   * What came of a comparison.
   *
   * @param sourceRows rows that the mirror must have
   * @param lakeRows rows that it has
   * @param movedOn keys that were left out, because their rows changed after the position
   * @param rejected changes of the source that cannot be applied
   * @param differences how many keys differ
   */
  public record Result(
      long sourceRows, long lakeRows, long movedOn, long rejected, long differences) {}

  /**
   * Reads both sides and hands over each key that differs.
   *
   * @param progress told how many rows were read, again and again
   */
  public Result run(Connection source, Consumer<Difference> differences, LongConsumer progress)
      throws SQLException, IOException {
    Path directory = Files.createTempDirectory("mirror-verify-");
    try (Buckets expected = buckets(directory, "source");
        Buckets actual = buckets(directory, "lake");
        Buckets moved = buckets(directory, "moved")) {
      RowCollector changes = new RowCollector(table.layout(), expected);
      readSource(new SourceSide(source, table.feed(), fetchSize, progress), changes, moved);
      new LakeSide(lake, table.layout(), progress).rows(new RowCollector(table.layout(), actual));
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
          comparison.differences());
    } finally {
      Files.deleteIfExists(directory);
    }
  }

  private Buckets buckets(Path directory, String name) throws IOException {
    return new Buckets(table.number(), Files.createDirectory(directory.resolve(name)));
  }

  private void readSource(SourceSide source, RowCollector changes, Buckets moved)
      throws SQLException {
    source.base(position, changes);
    if (table.feed().snapshot() == Snapshot.PINNED) {
      return; // it was the whole table, as it was at this very position
    }
    source.changes(Position.BEGINNING, position, changes);
    boolean moving = table.feed().snapshot() == Snapshot.MOVING;
    if (moving || table.spec().feed() == FeedKind.INCREMENTAL) {
      Position head = source.head(position);
      source.changes(position, head, new RowCollector(table.layout(), moved));
    }
  }
}
