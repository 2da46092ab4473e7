package io.datamirror.source;

import io.datamirror.plan.TablePlan;
import io.datamirror.stream.MirrorRecord;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** Reads what {@link RecallPlanner} planned, in the tasks. */
@FunctionalInterface
public interface Recaller extends Serializable {

  /**
   * Opens one part of a table's recall.
   *
   * @param task as in {@link LakeStart#recall}
   * @param skip how many records of the part were delivered before; the order of a part never
   *     changes
   */
  Reading open(TablePlan table, byte[] task, long skip) throws IOException;

  /** One part, read once from front to end. */
  interface Reading extends AutoCloseable {

    /** The next records: less than {@code max} of them only at the end of the part. */
    List<MirrorRecord.Recall> next(int max) throws IOException;

    @Override
    void close() throws IOException;
  }
}
