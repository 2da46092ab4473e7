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
    int count = parts.size() + (inLake.isEmpty() ? 0 : 1);
    List<ChunkSplit> opened = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      opened.add(new ChunkSplit(frame, i, count, parts.get(i), Reading.NONE));
    }
    opened.forEach(splits::add);
    if (!inLake.isEmpty()) {
      splits.add(new SweepSplit(frame, parts.size(), count, inLake, Reading.NONE));
    }
    current = new Current(next, count, frame.bounds().settledMillis(), Long.MIN_VALUE);
    next++;
    return opened;
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
