package io.datamirror.source;

import io.datamirror.feed.Chunk;
import io.datamirror.source.TableState.Current;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The windows of one table, one after the other: numbers them, cuts each into splits, and knows
 * what was read of the one that is open.
 */
final class TableWindows {

  /** Flink does not send a reader more than 10 MiB at once, and a split is not tasks alone. */
  private static final int MOST_TASK_BYTES = 4 << 20;

  private final HandedOut splits;
  private long next;
  private Current current;

  /**
   * @param splits where the splits of a window are put
   */
  TableWindows(HandedOut splits, TableState state) {
    this.splits = splits;
    this.next = state.nextWindow();
    this.current = state.current();
  }

  /** The number of the next window. */
  long next() {
    return next;
  }

  /** The window that is open; null when none is. */
  Current current() {
    return current;
  }

  /**
   * Opens the next window.
   *
   * @param chunks what it reads; without any, only its end is told
   * @param inLake what to look for in the base table besides
   * @return the splits of its chunks
   */
  List<ChunkSplit> open(WindowFrame frame, List<Chunk> chunks, List<byte[]> inLake) {
    List<Chunk> parts = chunks.isEmpty() ? Collections.singletonList(null) : chunks;
    List<List<byte[]>> sweeps = sweeps(inLake);
    int count = parts.size() + sweeps.size();
    List<ChunkSplit> opened = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      opened.add(new ChunkSplit(frame, i, count, parts.get(i), Reading.NONE));
    }
    opened.forEach(splits::add);
    for (int i = 0; i < sweeps.size(); i++) {
      splits.add(new SweepSplit(frame, parts.size() + i, count, sweeps.get(i), Reading.NONE));
    }
    current = new Current(next, count, frame.bounds().settledMillis(), Long.MIN_VALUE);
    next++;
    return opened;
  }

  /** As few groups as can be sent: for each of them, the keys of the base table are read. */
  private static List<List<byte[]>> sweeps(List<byte[]> tasks) {
    List<List<byte[]>> sweeps = new ArrayList<>();
    long bytes = 0;
    for (byte[] task : tasks) {
      if (sweeps.isEmpty() || bytes + task.length > MOST_TASK_BYTES) {
        sweeps.add(new ArrayList<>());
        bytes = 0;
      }
      sweeps.get(sweeps.size() - 1).add(task);
      bytes += task.length;
    }
    return sweeps;
  }

  /** A split was read: the open window, if the split is a part of it. */
  Optional<Current> read(Finished split) {
    if (current == null
        || !split.splitId().startsWith(ChunkSplit.windowId(split.table(), current.number()))) {
      return Optional.empty();
    }
    current = current.seen(split.maxTimeMillis());
    return Optional.of(current);
  }

  /** All splits were read: the window that was open, if one was. */
  Optional<Current> close() {
    Optional<Current> closed = Optional.ofNullable(current);
    current = null;
    return closed;
  }
}
