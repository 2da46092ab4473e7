package io.datamirror.avro;

import io.datamirror.change.Operation;
import io.datamirror.record.BadRecord;
import io.datamirror.record.DebeziumChange;
import io.datamirror.record.DebeziumRecords;
import io.datamirror.record.DebeziumRecords.Tombstones;
import io.datamirror.record.RecordParser;
import io.datamirror.record.SourceRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The change events of Debezium in Avro; they mean what {@link DebeziumRecords} says. Of an event
 * only the side that counts is read, and the other is passed over.
 */
public final class DebeziumAvroRecords implements RecordParser {

  private final AvroMessages messages;
  private final Tombstones tombstones;
  private final List<String> keyColumns;
  private final DebeziumRecords plainKeys;

  /**
   * @param keyColumns the columns of the table's key
   */
  public DebeziumAvroRecords(AvroSchemas schemas, Tombstones tombstones, List<String> keyColumns) {
    this.messages = new AvroMessages(schemas);
    this.tombstones = tombstones;
    this.keyColumns = List.copyOf(keyColumns);
    this.plainKeys = new DebeziumRecords(tombstones);
  }

  @Override
  public Optional<SourceRecord> parse(byte[] key, byte[] value) throws BadRecord {
    if (value == null) {
      return tombstone(key);
    }
    AvroMessages.Opened event = messages.open(value);
    if (!(event.reader() instanceof RowReader envelope)) {
      throw DebeziumChange.noEvent("op");
    }
    Map<String, Integer> places = envelope.places(event.in());
    event.checkEnd();
    Object op = envelope.read("op", event.in(), places);
    DebeziumChange change = DebeziumChange.of(op instanceof String text ? text : null);
    if (envelope.read(change.side(), event.in(), places) instanceof Map<?, ?> row) {
      return Optional.of(change.of(AvroValues.columns(row)));
    }
    throw change.withoutRow();
  }

  private Optional<SourceRecord> tombstone(byte[] key) throws BadRecord {
    if (tombstones == Tombstones.PASS_OVER || key == null || !AvroMessages.marked(key)) {
      return plainKeys.parse(key, null);
    }
    return Optional.of(new SourceRecord(Operation.DELETE, messages.key(key, keyColumns)));
  }
}
