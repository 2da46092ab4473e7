package io.datamirror.avro;

import io.datamirror.change.Operation;
import io.datamirror.record.BadRecord;
import io.datamirror.record.JsonRecords;
import io.datamirror.record.RecordParser;
import io.datamirror.record.SourceRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records that are one row in Avro each. A record without a value deletes the row of its key, which
 * is in Avro too or as {@link JsonRecords} has it.
 */
public final class AvroRecords implements RecordParser {

  private final AvroMessages messages;
  private final List<String> keyColumns;
  private final JsonRecords plainKeys;

  /**
   * @param keyColumns the columns of the table's key
   */
  public AvroRecords(AvroSchemas schemas, List<String> keyColumns) {
    this.messages = new AvroMessages(schemas);
    this.keyColumns = List.copyOf(keyColumns);
    this.plainKeys = new JsonRecords(keyColumns);
  }

  @Override
  public Optional<SourceRecord> parse(byte[] key, byte[] value) throws BadRecord {
    if (value != null) {
      return Optional.of(new SourceRecord(null, row(value)));
    }
    if (key == null || !AvroMessages.marked(key)) {
      return plainKeys.parse(key, null);
    }
    return Optional.of(new SourceRecord(Operation.DELETE, messages.key(key, keyColumns)));
  }

  private Map<String, Object> row(byte[] value) throws BadRecord {
    if (messages.value(value) instanceof Map<?, ?> row) {
      return AvroValues.columns(row);
    }
    throw new BadRecord("its Avro is no row");
  }
}
