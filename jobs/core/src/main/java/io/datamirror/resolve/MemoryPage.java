package io.datamirror.resolve;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Some of the memories of a {@link MemoryPages}, as bytes that never change: a snapshot may write
 * them while the table goes on.
 *
 * <p>A page begins with the version of its layout, so that a later release reads those of this one
 * beside its own.
 *
 * <pre>
 * layout 1: version:1 · entries, one after the other
 * entry: room:4, with the top bit set if it is dead · key: table:4 high:8 low:8 · memory
 * written: length:4 · page
 * </pre>
 *
 * <p>The room is the number of bytes that a memory may take there; see {@link MemoryLayout}.
 */
public final class MemoryPage {

  static final int LAYOUT = 1;

  /** Without entries. */
  public static final MemoryPage EMPTY = new MemoryPage(new byte[] {LAYOUT}, 1);

  private final byte[] bytes;
  private final int length;

  /**
   * @param bytes not copied: whoever wrote them never does so again
   * @param length how many of them belong to the page
   */
  MemoryPage(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** May be longer than the page. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** A copy of the page. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  public void write(DataOutput target) throws IOException {
    target.writeInt(length);
    target.write(bytes, 0, length);
  }

  /**
   * @throws IOException if a later release wrote the page, or {@code source} cannot be read
   */
  public static MemoryPage read(DataInput source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    if (bytes[0] != LAYOUT) {
      throw new IOException(
          "a page of state of layout "
              + bytes[0]
              + " was written by a later release; this one reads "
              + LAYOUT);
    }
    return new MemoryPage(bytes, bytes.length);
  }
}
