package io.datamirror.feed;

import io.datamirror.avro.AvroRecords;
import io.datamirror.avro.AvroSchemas;
import io.datamirror.avro.DebeziumAvroRecords;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.record.BadRecord;
import io.datamirror.record.DebeziumRecords.Tombstones;
import io.datamirror.record.RecordParser;
import io.datamirror.spec.RecordFormat;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A topic of records in Avro with its registry, and what becomes of the records. */
final class AvroTopic {

  private static final String SPEC =
      """
      mirror: shop
      source:
        type: kafka
        bootstrap-servers: localhost:9092
        registry: { url: "http://localhost" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      tables:
        - name: items
          source: items
          format: %s
          on-schema-change: %s
          primary-key: [id]
          schema: { id: long, v: "%s" }
      """;

  static final int ID = 17;
  static final int KEY_ID = 18;

  private final RecordCollector collected = new RecordCollector();
  private final Map<Integer, String> registered = new HashMap<>();
  private final AvroSchemas schemas =
      new AvroSchemas(
          id -> {
            if (!registered.containsKey(id)) {
              throw new BadRecord("the registry has no schema of its id " + id);
            }
            return List.of(registered.get(id));
          });

  static TableSpec table(String format, String onSchemaChange, String type) {
    return SpecReader.read(SPEC.formatted(format, onSchemaChange, type)).tables().get(0);
  }

  /** Reads a record at offset 7. */
  void read(TableSpec spec, byte[] key, byte[] value) {
    RecordParser parser =
        spec.records().format() == RecordFormat.AVRO
            ? new AvroRecords(schemas, List.of("id"))
            : new DebeziumAvroRecords(schemas, Tombstones.DELETE, List.of("id"));
    new TopicTable(spec, collected).read(parser, key, value);
  }

  List<String> changes() {
    return collected.changes();
  }

  List<LedgerEntry> rejected() {
    return collected.rejected();
  }

  /** The registry has a schema. */
  void register(int id, String schema) {
    registered.put(id, schema);
  }

  /** A message whose schema is registered as {@link #ID}. */
  byte[] message(Object value, Schema schema) {
    register(ID, schema.toString());
    return message(ID, schema, value);
  }

  /** A message with the id of its schema before it. */
  static byte[] message(int id, Schema schema, Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream head = new DataOutputStream(bytes);
      head.write(0);
      head.writeInt(id);
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<>(schema).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
