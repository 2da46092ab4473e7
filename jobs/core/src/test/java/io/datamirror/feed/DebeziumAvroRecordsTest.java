package io.datamirror.feed;

import static io.datamirror.feed.AvroTexts.field;
import static io.datamirror.feed.AvroTexts.row;
import static io.datamirror.feed.AvroTexts.rowOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.ledger.LedgerEntry;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/** What becomes of change events of Debezium in Avro. */
class DebeziumAvroRecordsTest {

  private static final String ITEM =
      "{\"type\": \"record\", \"name\": \"Value\", \"fields\": ["
          + field("id", "\"long\"")
          + ","
          + field("v", "[\"null\", \"string\"]")
          + "]}";
  private static final Schema EVENT =
      new Schema.Parser()
          .parse(
              "{\"type\": \"record\", \"name\": \"Envelope\", \"namespace\": \"shop.items\","
                  + " \"fields\": ["
                  + field("before", "[\"null\", " + ITEM + "]")
                  + ","
                  + field("after", "[\"null\", \"Value\"]")
                  + ","
                  + field("source", "{\"type\": \"map\", \"values\": \"string\"}")
                  + ","
                  + field("op", "\"string\"")
                  + "]}");

  private final AvroTopic topic = new AvroTopic();

  private static GenericData.Record item(long id, String v) {
    return row(EVENT.getField("after").schema().getTypes().get(1), id, v);
  }

  private void event(String op, GenericData.Record before, GenericData.Record after) {
    GenericData.Record event = row(EVENT, before, after, Map.of("db", "shop"), op);
    topic.read(
        AvroTopic.table("debezium-avro", "ignore", "string"), null, topic.message(event, EVENT));
  }

  @Test
  void events_of_debezium_upsert_what_is_after_and_delete_what_was_before() {
    event("c", null, item(1, "a"));
    event("u", item(1, "a"), item(1, "b"));
    event("r", null, item(2, null));
    event("d", item(1, "b"), null);

    assertThat(topic.changes())
        .containsExactly(
            "UPSERT {0=1, 1=a, 2=7}",
            "UPSERT {0=1, 1=b, 2=7}",
            "UPSERT {0=2, 1=null, 2=7}",
            "DELETE {0=1, 1=null, 2=7}");
  }

  @Test
  void what_is_no_event_of_debezium_is_unreadable() {
    event("t", null, null);
    event("d", null, null);
    event("c", item(1, "a"), null);
    Schema row = rowOf("\"string\"");
    topic.register(AvroTopic.KEY_ID, row.toString());
    topic.read(
        AvroTopic.table("debezium-avro", "ignore", "string"),
        null,
        AvroTopic.message(AvroTopic.KEY_ID, row, row(row, 1L, "a")));

    assertThat(topic.changes()).isEmpty();
    assertThat(topic.rejected())
        .extracting(LedgerEntry::error)
        .containsExactly(
            "items-0@7: its op is none of c, u, r and d",
            "items-0@7: it is no change event: there is no before",
            "items-0@7: it is no change event: there is no after",
            "items-0@7: it is no change event: there is no op");
  }
}
