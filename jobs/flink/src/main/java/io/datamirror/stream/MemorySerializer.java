package io.datamirror.stream;

import io.datamirror.change.BigEndian;
import io.datamirror.resolve.Memory;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes what is remembered of a key.
 *
 * <p>Every value begins with the version of its layout, so that a later release reads the values of
 * this one beside its own, and state evolves without being rewritten.
 *
 * <pre>
 * layout 1: version:1 · flags:1 · [time:8] · rank length:2 · rank · [partition length:2 · partition]
 * flags: 1 the row is present, 2 there is a time, 4 there is a partition
 * </pre>
 */
public final class MemorySerializer extends TypeSerializerSingleton<Memory> {

  private static final long serialVersionUID = 1L;

  public static final MemorySerializer INSTANCE = new MemorySerializer();

  private static final int LAYOUT = 1;
  private static final int PRESENT = 1;
  private static final int TIMED = 2;
  private static final int PARTITIONED = 4;
  private static final int HEAD_BYTES = 2;
  private static final Memory EMPTY = Memory.tombstone(new byte[0], Long.MIN_VALUE);

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public Memory createInstance() {
    return EMPTY;
  }

  @Override
  public Memory copy(Memory from) {
    return from;
  }

  @Override
  public Memory copy(Memory from, Memory reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  /** Into an array first: a snapshot writes into a stream, which is slow to take single bytes. */
  @Override
  public void serialize(Memory memory, DataOutputView target) throws IOException {
    boolean timed = memory.timeMillis() != Long.MIN_VALUE;
    boolean partitioned = memory.partition().length > 0;
    int length = HEAD_BYTES + (timed ? Long.BYTES : 0) + lengthOf(memory.rank());
    byte[] bytes = new byte[length + (partitioned ? lengthOf(memory.partition()) : 0)];
    int flags =
        (memory.present() ? PRESENT : 0) | (timed ? TIMED : 0) | (partitioned ? PARTITIONED : 0);
    bytes[0] = LAYOUT;
    bytes[1] = (byte) flags;
    int at = HEAD_BYTES;
    if (timed) {
      BigEndian.LONG.set(bytes, at, memory.timeMillis());
      at += Long.BYTES;
    }
    at = write(memory.rank(), bytes, at);
    if (partitioned) {
      write(memory.partition(), bytes, at);
    }
    target.write(bytes);
  }

  @Override
  public Memory deserialize(DataInputView source) throws IOException {
    int layout = source.readUnsignedByte();
    if (layout != LAYOUT) {
      throw new IOException(
          "state of layout "
              + layout
              + " was written by a later release; this one reads "
              + LAYOUT);
    }
    int flags = source.readUnsignedByte();
    long time = (flags & TIMED) != 0 ? source.readLong() : Long.MIN_VALUE;
    byte[] rank = readShort(source);
    byte[] partition = (flags & PARTITIONED) != 0 ? readShort(source) : Memory.NO_PARTITION;
    return (flags & PRESENT) != 0
        ? Memory.present(rank, partition, time)
        : Memory.tombstone(rank, time);
  }

  @Override
  public Memory deserialize(Memory reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  /** The bytes that {@code part} takes together with its length. */
  private static int lengthOf(byte[] part) {
    return (part.length <= Short.MAX_VALUE ? Short.BYTES : Integer.BYTES) + part.length;
  }

  /** Lengths up to 32,767 take two bytes; longer ones four, with the top bit set. */
  private static int write(byte[] part, byte[] bytes, int at) {
    int start = at + lengthOf(part) - part.length;
    if (part.length <= Short.MAX_VALUE) {
      BigEndian.SHORT.set(bytes, at, (short) part.length);
    } else {
      BigEndian.INT.set(bytes, at, part.length | Integer.MIN_VALUE);
    }
    System.arraycopy(part, 0, bytes, start, part.length);
    return start + part.length;
  }

  private static byte[] readShort(DataInputView source) throws IOException {
    int length = source.readUnsignedShort();
    if (length > Short.MAX_VALUE) {
      length = (length & Short.MAX_VALUE) << Short.SIZE | source.readUnsignedShort();
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return bytes;
  }

  @Override
  public TypeSerializerSnapshot<Memory> snapshotConfiguration() {
    return new MemorySerializerSnapshot();
  }

  /** Says that the serializer has no configuration. */
  public static final class MemorySerializerSnapshot extends SimpleTypeSerializerSnapshot<Memory> {
    public MemorySerializerSnapshot() {
      super(() -> INSTANCE);
    }
  }
}
