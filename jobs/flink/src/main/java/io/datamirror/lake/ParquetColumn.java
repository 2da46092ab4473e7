package io.datamirror.lake;

import java.nio.ByteOrder;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.binary.BinarySection;
import org.apache.iceberg.DoubleFieldMetrics;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.FloatFieldMetrics;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.parquet.ParquetValueWriters;
import org.apache.iceberg.parquet.TripleWriter;
import org.apache.iceberg.shaded.org.apache.parquet.column.ColumnDescriptor;
import org.apache.iceberg.shaded.org.apache.parquet.column.ColumnWriteStore;
import org.apache.iceberg.shaded.org.apache.parquet.io.api.Binary;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.DecimalUtil;

/**
 * Writes one column of binary rows into a Parquet file, with no object for a number of up to 64
 * bits and no copy of a text.
 *
 * <p>One class for all types, and a switch: a row has columns of many types, and a call that may
 * end in many classes is one that the compiler cannot look through.
 */
final class ParquetColumn {

  /** Bytes that fit into the slot of a column stand in its first bytes only in this order. */
  private static final boolean SLOTS_BEGIN_WITH_BYTES =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private static final int SLOT_BYTES = Long.BYTES;
  private static final long MICROS_PER_MILLI = 1_000;
  private static final int MICROSECONDS = 6;

  /** How a value stands in the row and in the file. */
  private enum Form {
    BOOLEAN,
    INTEGER,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL_AS_INTEGER,
    DECIMAL_AS_LONG,
    DECIMAL_AS_BYTES,
    TIME,
    TIMESTAMP,
    BYTES
  }

  private final String name;
  private final int position;
  private final Form form;
  private final DecimalType decimal;
  private final byte[] decimalBytes;
  private final int nullLevel;
  private final ParquetValueWriter<?> writer;
  private final TripleWriter<?> values;
  private final FloatFieldMetrics.Builder floats;
  private final DoubleFieldMetrics.Builder doubles;
  private long nulls;

  /**
   * @param position of the column in the rows
   * @param column where it goes in the file
   */
  ParquetColumn(NestedField field, int position, ColumnDescriptor column) {
    Type type = field.type();
    this.name = field.name();
    this.position = position;
    this.form = form(type);
    this.decimal = type instanceof DecimalType known ? known : null;
    this.decimalBytes =
        form == Form.DECIMAL_AS_BYTES
            ? new byte[column.getPrimitiveType().getTypeLength()]
            : new byte[0];
    this.nullLevel = column.getMaxDefinitionLevel() - 1;
    this.writer = ParquetValueWriters.unboxed(column);
    this.values = writer.columns().get(0);
    int id = column.getPrimitiveType().getId().intValue();
    this.floats = form == Form.FLOAT ? new FloatFieldMetrics.Builder(id) : null;
    this.doubles = form == Form.DOUBLE ? new DoubleFieldMetrics.Builder(id) : null;
  }

  private static Form form(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> Form.BOOLEAN;
      case INTEGER, DATE -> Form.INTEGER;
      case LONG -> Form.LONG;
      case FLOAT -> Form.FLOAT;
      case DOUBLE -> Form.DOUBLE;
      case DECIMAL -> form((DecimalType) type);
      case TIME -> Form.TIME;
      case TIMESTAMP -> Form.TIMESTAMP;
      case STRING, BINARY, FIXED -> Form.BYTES;
      case UUID, TIMESTAMP_NANO, STRUCT, LIST, MAP, VARIANT, GEOMETRY, GEOGRAPHY, UNKNOWN ->
          throw new IllegalArgumentException("no column of a mirror is a " + type);
    };
  }

  /** By the widths that Iceberg's format gives to decimals in Parquet. */
  private static Form form(DecimalType type) {
    if (type.precision() <= 9) {
      return Form.DECIMAL_AS_INTEGER;
    }
    return type.precision() <= 18 ? Form.DECIMAL_AS_LONG : Form.DECIMAL_AS_BYTES;
  }

  void write(BinaryRowData row) {
    if (row.isNullAt(position)) {
      writeNull();
      return;
    }
    switch (form) {
      case BOOLEAN -> values.writeBoolean(0, row.getBoolean(position));
      case INTEGER -> values.writeInteger(0, row.getInt(position));
      case LONG -> values.writeLong(0, row.getLong(position));
      case FLOAT -> writeFloat(row.getFloat(position));
      case DOUBLE -> writeDouble(row.getDouble(position));
      // A row keeps decimals of up to 18 digits as the number without its point.
      case DECIMAL_AS_INTEGER -> values.writeInteger(0, (int) row.getLong(position));
      case DECIMAL_AS_LONG -> values.writeLong(0, row.getLong(position));
      case DECIMAL_AS_BYTES -> values.writeBinary(0, decimal(row));
      case TIME -> values.writeLong(0, row.getInt(position) * MICROS_PER_MILLI);
      case TIMESTAMP ->
          values.writeLong(0, RowBuffer.micros(row.getTimestamp(position, MICROSECONDS)));
      case BYTES -> values.writeBinary(0, bytes(row));
    }
  }

  private void writeNull() {
    if (nullLevel < 0) {
      throw new IllegalStateException("a row has no " + name + ", which is required");
    }
    values.writeNull(0, nullLevel);
    nulls++;
  }

  private void writeFloat(float value) {
    values.writeFloat(0, value);
    floats.addValue(value);
  }

  private void writeDouble(double value) {
    values.writeDouble(0, value);
    doubles.addValue(value);
  }

  private Binary decimal(BinaryRowData row) {
    int precision = decimal.precision();
    int scale = decimal.scale();
    return Binary.fromReusedByteArray(
        DecimalUtil.toReusedFixLengthBytes(
            precision,
            scale,
            row.getDecimal(position, precision, scale).toBigDecimal(),
            decimalBytes));
  }

  /**
   * The bytes where they lie in the row. Source of the rule where that is: {@link BinarySection}.
   */
  private Binary bytes(BinaryRowData row) {
    MemorySegment[] segments = row.getSegments();
    byte[] memory = segments[0].getHeapMemory();
    if (segments.length > 1 || memory == null || !SLOTS_BEGIN_WITH_BYTES) {
      return Binary.fromReusedByteArray(row.getBinary(position));
    }
    long slot = row.getLong(position);
    if ((slot & BinarySection.HIGHEST_FIRST_BIT) == 0) {
      int offset = (int) (slot >>> Integer.SIZE);
      return Binary.fromReusedByteArray(memory, row.getOffset() + offset, (int) slot);
    }
    int slots = row.getOffset() + BinaryRowData.calculateBitSetWidthInBytes(row.getArity());
    int length = (int) ((slot & BinarySection.HIGHEST_SECOND_TO_EIGHTH_BIT) >>> 56);
    return Binary.fromReusedByteArray(memory, slots + SLOT_BYTES * position, length);
  }

  TripleWriter<?> values() {
    return values;
  }

  void storeIn(ColumnWriteStore store) {
    writer.setColumnStore(store);
  }

  /** What the file itself does not tell of the values, or null. */
  FieldMetrics<?> metrics() {
    return switch (form) {
      case FLOAT -> withNulls(floats.build());
      case DOUBLE -> withNulls(doubles.build());
      case BOOLEAN,
          INTEGER,
          LONG,
          DECIMAL_AS_INTEGER,
          DECIMAL_AS_LONG,
          DECIMAL_AS_BYTES,
          TIME,
          TIMESTAMP,
          BYTES ->
          null;
    };
  }

  private <T> FieldMetrics<T> withNulls(FieldMetrics<T> present) {
    return new FieldMetrics<>(
        present.id(),
        present.valueCount() + nulls,
        nulls,
        present.nanValueCount(),
        present.lowerBound(),
        present.upperBound(),
        present.originalType());
  }
}
