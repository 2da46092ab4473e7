package io.datamirror.avro;

import io.datamirror.record.BadRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Messages as the writers of a registry make them: a zero, the id of a schema, and Avro. */
final class AvroMessages {

  private static final int HEAD_BYTES = 1 + Integer.BYTES;

  private final AvroSchemas schemas;

  AvroMessages(AvroSchemas schemas) {
    this.schemas = schemas;
  }

  /** A message whose schema is known, before anything of it is read. */
  record Opened(AvroReader reader, AvroInput in) {

    void checkEnd() throws BadRecord {
      if (in.remaining() > 0) {
        throw new BadRecord("something stands behind its Avro");
      }
    }
  }

  /** Whether this is such a message, and no text: no text begins with a zero. */
  static boolean marked(byte[] message) {
    return message.length > 0 && message[0] == 0;
  }

  Opened open(byte[] message) throws BadRecord {
    if (!marked(message) || message.length < HEAD_BYTES) {
      throw new BadRecord("it does not begin with a zero and the id of a schema");
    }
    int id = ByteBuffer.wrap(message).getInt(1);
    return new Opened(schemas.reader(id), new AvroInput(message, HEAD_BYTES));
  }

  Object value(byte[] message) throws BadRecord {
    Opened opened = open(message);
    Object value = opened.reader().read(opened.in());
    opened.checkEnd();
    return value;
  }

  /** The values of a key: a row of key columns, or, of a key of one column, its bare value. */
  Map<String, Object> key(byte[] message, List<String> keyColumns) throws BadRecord {
    Object value = value(message);
    if (value instanceof Map<?, ?> row) {
      return AvroValues.columns(row);
    }
    if (value == null || keyColumns.size() != 1) {
      throw new BadRecord("its key is no row in Avro");
    }
    return AvroValues.columns(Map.of(keyColumns.get(0), value));
  }
}
