package io.datamirror.source;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Feed.Unread;
import java.util.Objects;

/**
 * One chunk of a window.
 *
 * @param frame the window
 * @param index counts the chunks of the window from 0
 * @param chunks how many chunks the window has
 * @param chunk what to read; null when the window has nothing to read and only its end is told
 * @param reading how far the reading has come
 */
public record ChunkSplit(WindowFrame frame, int index, int chunks, Chunk chunk, Reading reading)
    implements MirrorSplit {

  public ChunkSplit {
    Objects.requireNonNull(frame, "frame");
    Objects.requireNonNull(reading, "reading");
  }

  @Override
  public String splitId() {
    return windowId(frame.table(), frame.number()) + index;
  }

  /** What the ids of all chunks of a window begin with. */
  static String windowId(String table, long number) {
    return table + "/" + number + "/";
  }

  @Override
  public String table() {
    return frame.table();
  }

  @Override
  public ChunkSplit at(Reading changed) {
    return new ChunkSplit(frame, index, chunks, chunk, changed);
  }

  /** Whether it has changes to read. */
  boolean readsChanges() {
    return chunk != null && chunk.part() == Chunk.Part.CHANGES;
  }

  /** What is left to read of its changes. */
  Unread unread() {
    return new Unread(chunk, reading.resume());
  }

  /** The same chunk of a window that is complete to no position. */
  ChunkSplit withoutLabel() {
    return new ChunkSplit(frame.withoutLabel(), index, chunks, chunk, reading);
  }

  @Override
  public long holdMillis() {
    return frame.holdMillis();
  }
}
