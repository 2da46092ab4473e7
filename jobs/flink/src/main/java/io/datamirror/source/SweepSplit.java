package io.datamirror.source;

import java.util.List;
import java.util.Objects;

/**
 * The search for rows that the lake has of a table and its base table has no longer, when that is
 * read anew. Done beside the chunks of the base table, as a part of their window: by one reader, or
 * by several if what the lake holds is too much to be told to one.
 *
 * @param frame the window
 * @param index its number among the parts of the window
 * @param chunks how many parts the window has
 * @param tasks what the lake holds, in the words of the {@link RecallPlanner}
 * @param reading how far it has come; it begins anew after a failure
 */
public record SweepSplit(
    WindowFrame frame, int index, int chunks, List<byte[]> tasks, Reading reading)
    implements MirrorSplit {

  public SweepSplit {
    Objects.requireNonNull(frame, "frame");
    Objects.requireNonNull(reading, "reading");
    tasks = List.copyOf(tasks);
  }

  @Override
  public String splitId() {
    return ChunkSplit.windowId(frame.table(), frame.number()) + index;
  }

  @Override
  public String table() {
    return frame.table();
  }

  @Override
  public SweepSplit at(Reading changed) {
    return new SweepSplit(frame, index, chunks, tasks, changed);
  }

  @Override
  public long holdMillis() {
    return frame.holdMillis();
  }
}
