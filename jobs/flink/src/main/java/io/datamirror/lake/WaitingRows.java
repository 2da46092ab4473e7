package io.datamirror.lake;

import io.datamirror.stream.RowArena;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * The memory of rows whose partitions have no open file, shared by the tables of one writer.
 *
 * <p>When it is full, all of them are written, not only those of the table that filled it: else a
 * table that comes late would have a file for every few rows while others keep the memory.
 */
final class WaitingRows {

  /** So many slots may share a heap that nothing else of a mirror is pushed out of it. */
  private static final int SHARE_OF_HEAP = 32;

  private static final long LEAST_BYTES = 16L << 20;
  private static final long MOST_BYTES = 256L << 20;

  private final long limitBytes;
  private final Set<OpenWriters<?>> owners = new LinkedHashSet<>();
  private RowArena rows = new RowArena();

  WaitingRows() {
    this(
        Math.max(
            LEAST_BYTES, Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)));
  }

  WaitingRows(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Keeps a row until its owner lets go of all that it has; where it is now. */
  long add(OpenWriters<?> owner, BinaryRowData row) {
    if (rows.bytes() >= limitBytes) {
      List.copyOf(owners).forEach(OpenWriters::writeWaiting);
    }
    owners.add(owner);
    return rows.add(row);
  }

  /** The row at a place, valid until the next call. */
  BinaryRowData row(long place) {
    return rows.row(place);
  }

  /** An owner needs none of its rows any more. */
  void release(OpenWriters<?> owner) {
    if (owners.remove(owner) && owners.isEmpty()) {
      rows = new RowArena();
    }
  }
}
