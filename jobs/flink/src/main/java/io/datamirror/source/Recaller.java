package io.datamirror.source;

import io.datamirror.plan.TablePlan;
import io.datamirror.stream.LakeRow;
import io.datamirror.stream.MirrorRecord;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads what {@link RecallPlanner} planned, in the tasks. It may keep open what it opened until
 * {@link #close}.
 */
public interface Recaller extends Serializable, AutoCloseable {

  /** The same for one reader, which closes it. */
  default Recaller own() {
    return this;
  }

  /**
   * Opens one part of a table's recall.
   *
   * @param task as in {@link LakeStart#recall}
   * @param skip how many records of the part were delivered before; the order of a part never
   *     changes
   */
  Reading open(TablePlan table, byte[] task, long skip) throws IOException;

  /**
   * Opens the rows of one part of what the lake holds of a table, each with a deletion of the
   * version that it has. A part with tombstones has none.
   *
   * @param order that of the deletions; empty when rows of the lake have an order of their own
   */
  Rows openRows(TablePlan table, byte[] task, OptionalLong order) throws IOException;

  /** Parts that are still open may be read to their end. */
  @Override
  default void close() {}

  /** Rows of the lake, read once from front to end. */
  interface Rows extends AutoCloseable {

    /** The next ones: less than {@code max} of them only at the end. */
    List<LakeRow> next(int max) throws IOException;

    @Override
    void close() throws IOException;
  }

  /** One part, read once from front to end. */
  interface Reading extends AutoCloseable {

    /** The next records: less than {@code max} of them only at the end of the part. */
    List<MirrorRecord.Recall> next(int max) throws IOException;

    @Override
    void close() throws IOException;
  }
}
