package io.datamirror.feed;

import static io.datamirror.feed.AvroTexts.field;
import static io.datamirror.feed.AvroTexts.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.spec.TableSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** What records in Avro ask for, by what is in them and by what is not. */
class AvroRecordsTest {

  private final AvroTopic topic = new AvroTopic();

  @Test
  void the_control_column_says_what_a_row_asks_for() {
    Schema schema =
        row(
            field("id", "\"long\"")
                + ", "
                + field("_change_request_type", "[\"null\", \"string\"]"));
    TableSpec table = AvroTopic.table("avro", "stop", "string");
    topic.read(table, null, topic.message(row(schema, 1L, "d"), schema));
    topic.read(table, null, topic.message(row(schema, 2L, null), schema));
    topic.read(table, null, topic.message(row(schema, 3L, "x"), schema));

    assertThat(topic.changes())
        .containsExactly("DELETE {0=1, 1=null, 2=7}", "UPSERT {0=2, 1=null, 2=7}");
    assertThat(topic.rejected().get(0).reason()).isEqualTo(LedgerReason.UNKNOWN_OPERATION);
  }

  @Test
  void a_field_that_the_spec_does_not_declare_stops_those_who_say_so() {
    Schema schema = row(field("id", "\"long\"") + ", " + field("colour", "\"string\""));
    byte[] message = topic.message(row(schema, 1L, "red"), schema);
    topic.read(AvroTopic.table("avro", "ignore", "string"), null, message);

    TableSpec strict = AvroTopic.table("avro", "stop", "string");
    assertThatThrownBy(() -> topic.read(strict, null, message))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-2011 items.colour: the record at items-0@7");
    assertThat(topic.changes()).hasSize(1);
  }

  @Test
  void a_record_without_a_value_deletes_the_row_of_its_key_in_avro_or_plain() {
    Schema key = row(field("id", "\"long\""));
    Schema bare = Schema.create(Schema.Type.STRING);
    topic.register(AvroTopic.ID, key.toString());
    topic.register(AvroTopic.KEY_ID, bare.toString());
    for (String format : List.of("avro", "debezium-avro")) {
      TableSpec table = AvroTopic.table(format, "ignore", "string");
      topic.read(table, AvroTopic.message(AvroTopic.ID, key, row(key, 5L)), null);
      topic.read(table, AvroTopic.message(AvroTopic.KEY_ID, bare, "6"), null);
      topic.read(table, "{\"id\": 7}".getBytes(StandardCharsets.UTF_8), null);
    }

    assertThat(topic.rejected()).isEmpty();
    assertThat(topic.changes().subList(0, 3))
        .containsExactly(
            "DELETE {0=5, 1=null, 2=7}", "DELETE {0=6, 1=null, 2=7}", "DELETE {0=7, 1=null, 2=7}")
        .isEqualTo(topic.changes().subList(3, 6));
  }
}
