package io.datamirror.resolve;

import io.datamirror.change.BigEndian;
import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A memory as bytes, the same in every state backend and in every savepoint.
 *
 * <p>Every memory begins with the version of its layout, so that a later release reads those of
 * this one beside its own, and state evolves without being rewritten. It says itself where it ends.
 *
 * <pre>
 * layout 1: version:1 · flags:1 · [time:8] · rank length:2 · rank · [partition length:2 · partition]
 * flags: 1 the row is present, 2 there is a time, 4 there is a partition
 * lengths up to 32,767 take two bytes; longer ones four, with the top bit set
 * </pre>
 */
public final class MemoryLayout {

  private static final int LAYOUT = 1;
  private static final int PRESENT = 1;
  private static final int TIMED = 2;
  private static final int PARTITIONED = 4;
  private static final int HEAD_BYTES = 2;

  private MemoryLayout() {}

  public static byte[] toBytes(Memory memory) {
    byte[] bytes = new byte[length(memory)];
    write(memory, bytes, 0);
    return bytes;
  }

  /** How many bytes {@link #write} needs. */
  static int length(Memory memory) {
    return HEAD_BYTES
        + (timed(memory) ? Long.BYTES : 0)
        + lengthOf(memory.rank())
        + (partitioned(memory) ? lengthOf(memory.partition()) : 0);
  }

  static void write(Memory memory, byte[] bytes, int start) {
    bytes[start] = LAYOUT;
    bytes[start + 1] =
        (byte)
            ((memory.present() ? PRESENT : 0)
                | (timed(memory) ? TIMED : 0)
                | (partitioned(memory) ? PARTITIONED : 0));
    int at = start + HEAD_BYTES;
    if (timed(memory)) {
      BigEndian.LONG.set(bytes, at, memory.timeMillis());
      at += Long.BYTES;
    }
    at = write(memory.rank(), bytes, at);
    if (partitioned(memory)) {
      write(memory.partition(), bytes, at);
    }
  }

  private static boolean timed(Memory memory) {
    return memory.timeMillis() != Long.MIN_VALUE;
  }

  private static boolean partitioned(Memory memory) {
    return memory.partition().length > 0;
  }

  /** The bytes that {@code part} takes together with its length. */
  private static int lengthOf(byte[] part) {
    return headOf(part.length) + part.length;
  }

  private static int headOf(int length) {
    return length <= Short.MAX_VALUE ? Short.BYTES : Integer.BYTES;
  }

  private static int write(byte[] part, byte[] bytes, int at) {
    int start = at + headOf(part.length);
    if (part.length <= Short.MAX_VALUE) {
      BigEndian.SHORT.set(bytes, at, (short) part.length);
    } else {
      BigEndian.INT.set(bytes, at, part.length | Integer.MIN_VALUE);
    }
    System.arraycopy(part, 0, bytes, start, part.length);
    return start + part.length;
  }

  /**
   * @throws IOException if a later release wrote it, or {@code source} cannot be read
   */
  public static Memory read(DataInput source) throws IOException {
    int layout = source.readUnsignedByte();
    if (layout != LAYOUT) {
      throw new IOException(writtenLater(layout));
    }
    int flags = source.readUnsignedByte();
    long time = (flags & TIMED) != 0 ? source.readLong() : Long.MIN_VALUE;
    byte[] rank = readPart(source);
    byte[] partition = (flags & PARTITIONED) != 0 ? readPart(source) : Memory.NO_PARTITION;
    return memory(flags, rank, partition, time);
  }

  private static byte[] readPart(DataInput source) throws IOException {
    int length = source.readUnsignedShort();
    if (length > Short.MAX_VALUE) {
      length = (length & Short.MAX_VALUE) << Short.SIZE | source.readUnsignedShort();
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return bytes;
  }

  /** The memory that was written to {@code bytes} from {@code start} on. */
  static Memory read(byte[] bytes, int start) {
    if (bytes[start] != LAYOUT) {
      throw new IllegalStateException(writtenLater(bytes[start]));
    }
    int flags = bytes[start + 1];
    int at = start + HEAD_BYTES;
    long time = Long.MIN_VALUE;
    if ((flags & TIMED) != 0) {
      time = (long) BigEndian.LONG.get(bytes, at);
      at += Long.BYTES;
    }
    byte[] rank = readPart(bytes, at);
    byte[] partition =
        (flags & PARTITIONED) != 0 ? readPart(bytes, at + lengthOf(rank)) : Memory.NO_PARTITION;
    return memory(flags, rank, partition, time);
  }

  private static byte[] readPart(byte[] bytes, int at) {
    int length = (short) BigEndian.SHORT.get(bytes, at);
    if (length < 0) {
      length = (int) BigEndian.INT.get(bytes, at) & Integer.MAX_VALUE;
    }
    int start = at + headOf(length);
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  private static Memory memory(int flags, byte[] rank, byte[] partition, long time) {
    return (flags & PRESENT) != 0
        ? Memory.present(rank, partition, time)
        : Memory.tombstone(rank, time);
  }

  private static String writtenLater(int layout) {
    return "state of layout "
        + layout
        + " was written by a later release; this one reads "
        + LAYOUT;
  }
}
