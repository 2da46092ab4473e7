package io.datamirror.stream;

import io.datamirror.change.BigEndian;
import io.datamirror.change.KeyId;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a key identity in 20 bytes: the table, then the two halves, high byte first.
 *
 * <p>The layout is the key of all keyed state and never changes: another one would need a new state
 * under another name.
 */
public final class KeyIdSerializer extends TypeSerializerSingleton<KeyId> {

  private static final long serialVersionUID = 1L;

  public static final KeyIdSerializer INSTANCE = new KeyIdSerializer();

  private static final int BYTES = Integer.BYTES + 2 * Long.BYTES;
  private static final KeyId EMPTY = new KeyId(0, 0, 0);

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public KeyId createInstance() {
    return EMPTY;
  }

  @Override
  public KeyId copy(KeyId from) {
    return from;
  }

  @Override
  public KeyId copy(KeyId from, KeyId reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return BYTES;
  }

  @Override
  public void serialize(KeyId key, DataOutputView target) throws IOException {
    // A snapshot writes every key into a stream, which takes one array sooner than 20 single bytes.
    byte[] bytes = new byte[BYTES];
    BigEndian.INT.set(bytes, 0, key.table());
    BigEndian.LONG.set(bytes, Integer.BYTES, key.high());
    BigEndian.LONG.set(bytes, Integer.BYTES + Long.BYTES, key.low());
    target.write(bytes);
  }

  @Override
  public KeyId deserialize(DataInputView source) throws IOException {
    return new KeyId(source.readInt(), source.readLong(), source.readLong());
  }

  @Override
  public KeyId deserialize(KeyId reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    target.write(source, BYTES);
  }

  @Override
  public TypeSerializerSnapshot<KeyId> snapshotConfiguration() {
    return new KeyIdSerializerSnapshot();
  }

  /** Says that the serializer has no configuration. */
  public static final class KeyIdSerializerSnapshot extends SimpleTypeSerializerSnapshot<KeyId> {
    public KeyIdSerializerSnapshot() {
      super(() -> INSTANCE);
    }
  }
}
