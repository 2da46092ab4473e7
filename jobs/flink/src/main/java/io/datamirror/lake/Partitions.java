package io.datamirror.lake;

import io.datamirror.resolve.Memory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.flink.RowDataWrapper;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Says where rows of a table belong, and writes partitions as bytes that can be remembered.
 *
 * <p>The bytes of a partition are its values one behind the other, each as its length in two bytes
 * (-1 for null) and its single-value form as Iceberg defines it. No partition is no bytes. The form
 * is kept in state and never changes.
 */
public final class Partitions {

  /** Partitions seen lately, so that most rows of a batch need no encoding. */
  private static final int CACHED = 1_000;

  private static final int NULL_LENGTH = -1;

  private final String table;
  private final Types.StructType type;
  private final boolean unpartitioned;
  private final PartitionKey key;
  private final RowDataWrapper wrapper;
  private final Map<PartitionKey, byte[]> encoded = new HashMap<>();

  /**
   * @param table the name of the table, for whoever reads an error
   * @param schema the schema of the rows
   * @param rowType the same as Flink sees it
   */
  Partitions(String table, PartitionSpec spec, Schema schema, RowType rowType) {
    this.table = table;
    this.type = spec.partitionType();
    this.unpartitioned = spec.isUnpartitioned();
    this.key = new PartitionKey(spec, schema);
    this.wrapper = new RowDataWrapper(rowType, schema.asStruct());
  }

  /** The partition where {@code row} belongs. */
  public byte[] of(RowData row) {
    if (unpartitioned) {
      return Memory.NO_PARTITION;
    }
    key.partition(wrapper.wrap(row));
    byte[] known = encoded.get(key);
    if (known != null) {
      return known;
    }
    if (encoded.size() == CACHED) {
      encoded.clear();
    }
    byte[] bytes = encode(key);
    encoded.put(key.copy(), bytes);
    return bytes;
  }

  /** The bytes of a partition as files have it. */
  public byte[] encode(StructLike partition) {
    if (unpartitioned) {
      return Memory.NO_PARTITION;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < type.fields().size(); i++) {
      Type valueType = type.fields().get(i).type();
      ByteBuffer value = Conversions.toByteBuffer(valueType, partition.get(i, Object.class));
      int length = value == null ? NULL_LENGTH : value.remaining();
      if (length > Short.MAX_VALUE) {
        throw PartitionNames.tooLong(table, type.fields().get(i).name(), length);
      }
      writeLength(out, length);
      if (value != null) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        out.writeBytes(bytes);
      }
    }
    return out.toByteArray();
  }

  /** The partition with these bytes, as files need it; null for an unpartitioned table. */
  StructLike decode(byte[] bytes) {
    if (unpartitioned) {
      return null;
    }
    PartitionData partition = new PartitionData(type);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    for (int i = 0; i < type.fields().size(); i++) {
      int length = in.getShort();
      if (length != NULL_LENGTH) {
        ByteBuffer value = in.slice(in.position(), length);
        in.position(in.position() + length);
        Object decoded =
            Conversions.fromByteBuffer(
                type.fields().get(i).type(), value.order(java.nio.ByteOrder.LITTLE_ENDIAN));
        partition.set(i, decoded instanceof CharSequence text ? text.toString() : decoded);
      }
    }
    return partition;
  }

  private static void writeLength(ByteArrayOutputStream out, int length) {
    out.write(length >>> 8);
    out.write(length);
  }
}
