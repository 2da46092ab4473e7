package io.datamirror.job;

import io.datamirror.demo.DemoRecords;
import io.datamirror.demo.DemoTable;
import io.datamirror.testkit.RegistryStandin;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Changes of one table of the real history as those write them who keep schemas in a registry. */
final class AvroHistory {

  private static final int ROW_ID = 1;
  private static final int EVENT_ID = 2;

  private final Schema row;
  private final Schema event;

  AvroHistory(DemoTable table) {
    this.row = new Schema.Parser().parse(DemoRecords.avroSchema(table));
    this.event =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Envelope", "fields": [
                  {"name": "before", "type": ["null", %s]},
                  {"name": "after", "type": ["null", "Change"]},
                  {"name": "source", "type": {"type": "map", "values": "string"}},
                  {"name": "op", "type": "string"}]}
                """
                    .formatted(row));
  }

  void register(RegistryStandin registry) {
    registry.put(ROW_ID, row.toString());
    registry.put(EVENT_ID, event.toString());
  }

  byte[] row(Map<String, Object> change) {
    return RegistryStandin.message(ROW_ID, row, record(row, change));
  }

  /** An event of Debezium that was put together for JSON. */
  byte[] event(Map<String, Object> event) {
    GenericData.Record record = record(this.event, event);
    record.put("before", side(event.get("before")));
    record.put("after", side(event.get("after")));
    return RegistryStandin.message(EVENT_ID, this.event, record);
  }

  private GenericData.Record side(Object values) {
    return values instanceof Map<?, ?> known ? record(row, known) : null;
  }

  private static GenericData.Record record(Schema schema, Map<?, ?> values) {
    GenericData.Record record = new GenericData.Record(schema);
    schema.getFields().forEach(field -> record.put(field.pos(), values.get(field.name())));
    return record;
  }
}
