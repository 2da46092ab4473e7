package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.resolve.KeyedChange;
import io.datamirror.resolve.Memory;
import org.apache.flink.table.data.binary.BinaryRowData;

/** What flows from the source to the resolver and the committer. */
public sealed interface MirrorRecord {

  /**
   * A change of a row.
   *
   * @param row the stored columns; of a delete, at least the key columns
   */
  record Change(KeyId key, Operation operation, byte[] rank, long timeMillis, BinaryRowData row)
      implements MirrorRecord, KeyedChange<BinaryRowData> {}

  /** What the lake knows of a key, when a job starts without state. */
  record Recall(KeyId key, Memory memory) implements MirrorRecord {}

  /** A change that cannot be applied. {@code key} only spreads the entries over the subtasks. */
  record Reject(KeyId key, LedgerEntry entry) implements MirrorRecord {}

  /**
   * How far the reading of a table's windows has come.
   *
   * @param table the table's number
   * @param step whether the chunk begins or ends here
   * @param window counts the windows of the table from 1, without gaps; the snapshot is a window
   *     too
   * @param chunk counts the chunks of the window from 0
   * @param chunks how many chunks the window has
   * @param position the position that the table is complete to when every chunk of this window and
   *     of all windows before it was delivered; empty when the window alone does not say
   * @param watermarkMillis the watermark of the mirror when the window was planned
   */
  record Progress(
      int table,
      Step step,
      long window,
      int chunk,
      int chunks,
      String position,
      long watermarkMillis)
      implements MirrorRecord {

    /** Begin or end of a chunk. */
    public enum Step {
      BEGUN,
      DONE
    }
  }
}
