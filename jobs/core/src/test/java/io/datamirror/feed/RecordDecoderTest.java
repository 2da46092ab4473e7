package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.Rank;
import io.datamirror.record.BadRecord;
import io.datamirror.record.DebeziumRecords;
import io.datamirror.record.DebeziumRecords.Tombstones;
import io.datamirror.record.JsonRecords;
import io.datamirror.record.RecordParser;
import io.datamirror.spec.RecordSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {

  private static final String SPEC =
      """
      mirror: shop
      source: { type: kafka, bootstrap-servers: "localhost:9092" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      tables:
        - name: items
          source: items
          format: json
          primary-key: [id]
          schema: { id: long, name: string, price: "decimal(8, 2)", sold: timestamp, day: date }
      """;

  private final RecordCollector collected = new RecordCollector();

  private void read(String spec, RecordParser parser, long offset, String key, String value)
      throws BadRecord {
    TableSpec table = SpecReader.read(spec).tables().get(0);
    RecordDecoder decoder = TopicTable.resolve(table).decoder(collected);
    Map<String, Object> place =
        Map.of(
            RecordSpec.OFFSET,
            offset,
            RecordSpec.RECORD_TIME,
            Instant.ofEpochMilli(1_000).atOffset(ZoneOffset.UTC));
    parser
        .parse(bytes(key), bytes(value))
        .ifPresent(record -> decoder.deliver(record, "items-0@" + offset, place));
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theOffsetIsTheVersionAndIsStored() throws BadRecord {
    JsonRecords json = new JsonRecords(List.of("id"));
    read(SPEC, json, 5, null, "{\"id\": 1, \"name\": \"new\"}");
    read(SPEC, json, 4, null, "{\"id\": 1, \"name\": \"old\"}");

    assertThat(collected.changes())
        .containsExactly(
            "UPSERT {0=1, 1=new, 2=null, 3=null, 4=null, 5=5}",
            "UPSERT {0=1, 1=old, 2=null, 3=null, 4=null, 5=4}");
    assertThat(Rank.compare(collected.ranks().get(0), collected.ranks().get(1))).isPositive();
  }

  @Test
  void ofEqualVersionsTheGreaterOffsetWinsAndAnOrderOfTheSpecsOwnStandsInForIt() throws BadRecord {
    JsonRecords json = new JsonRecords(List.of("id"));
    String versioned = SPEC.replace("primary-key: [id]", "primary-key: [id]\n    version: [day]");
    String value = "{\"id\": 1, \"day\": \"2026-01-02\"}";
    read(versioned, json, 5, null, value);
    read(versioned, json, 6, null, value);
    String ordered = versioned.replace("version: [day]", "version: [day]\n    order: name");
    read(ordered, json, 5, null, value);
    read(ordered, json, 6, null, value);

    assertThat(Rank.compare(collected.ranks().get(1), collected.ranks().get(0))).isPositive();
    assertThat(collected.ranks().get(3)).isEqualTo(collected.ranks().get(2));
    assertThat(collected.changes().get(2)).doesNotContain("5=");
  }

  @Test
  void aRecordsOwnTimeIsTheTimeWhereNoOtherIsDeclared() throws BadRecord {
    JsonRecords json = new JsonRecords(List.of("id"));
    read(SPEC, json, 5, null, "{\"id\": 1, \"sold\": \"2026-01-02T03:04:05\"}");
    String timed = SPEC.replace("primary-key: [id]", "primary-key: [id]\n    timestamp: sold");
    read(timed, json, 5, null, "{\"id\": 1, \"sold\": \"1970-01-01T00:00:02\"}");

    assertThat(collected.times()).containsExactly(1_000L, 2_000L);
  }

  @Test
  void aRecordWithoutAValueDeletesTheRowOfItsKey() throws BadRecord {
    JsonRecords json = new JsonRecords(List.of("id"));
    read(SPEC, json, 5, "7", null);
    read(SPEC, json, 6, "{\"id\": 8}", null);
    read(SPEC, json, 7, "\"9\"", null);
    read(SPEC, json, 8, null, "{\"id\": 10, \"_change_request_type\": \"D\"}");

    assertThat(collected.changes())
        .containsExactly(
            "DELETE {0=7, 1=null, 2=null, 3=null, 4=null, 5=5}",
            "DELETE {0=8, 1=null, 2=null, 3=null, 4=null, 5=6}",
            "DELETE {0=9, 1=null, 2=null, 3=null, 4=null, 5=7}",
            "DELETE {0=10, 1=null, 2=null, 3=null, 4=null, 5=8}");
  }

  @Test
  void eventsOfDebeziumAreReadWithAndWithoutSchema() throws BadRecord {
    DebeziumRecords debezium = new DebeziumRecords(Tombstones.DELETE);
    read(SPEC, debezium, 1, null, "{\"op\": \"c\", \"after\": {\"id\": 1, \"name\": \"a\"}}");
    read(
        SPEC,
        debezium,
        2,
        null,
        """
        {"schema": {"fields": [{"field": "before"}, {"field": "after", "fields": [
            {"field": "price", "name": "org.apache.kafka.connect.data.Decimal",
             "parameters": {"scale": "2"}},
            {"field": "sold", "name": "io.debezium.time.MicroTimestamp"},
            {"field": "day", "name": "io.debezium.time.Date"}]}]},
         "payload": {"op": "u", "before": null,
            "after": {"id": 1, "name": "b", "price": "MDk=", "sold": 1500000, "day": 3}}}
        """);
    read(SPEC, debezium, 3, null, "{\"op\": \"d\", \"before\": {\"id\": 1}, \"after\": null}");
    read(SPEC, debezium, 4, "{\"id\": 1}", null);
    read(SPEC, debezium, 5, "{\"schema\": {}, \"payload\": {\"id\": 2}}", null);

    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.changes())
        .containsExactly(
            "UPSERT {0=1, 1=a, 2=null, 3=null, 4=null, 5=1}",
            "UPSERT {0=1, 1=b, 2=123.45, 3=1500000, 4=3, 5=2}",
            "DELETE {0=1, 1=null, 2=null, 3=null, 4=null, 5=3}",
            "DELETE {0=1, 1=null, 2=null, 3=null, 4=null, 5=4}",
            "DELETE {0=2, 1=null, 2=null, 3=null, 4=null, 5=5}");
  }

  @Test
  void dates_and_times_of_debezium_that_are_text_have_a_zone_behind_them() throws BadRecord {
    String spec = SPEC.replace("sold: timestamp", "sold: time");
    DebeziumRecords debezium = new DebeziumRecords(Tombstones.DELETE);
    String event = "{\"op\": \"c\", \"after\": {\"id\": 1, \"day\": \"%s\", \"sold\": \"%s\"}}";
    read(spec, debezium, 1, null, event.formatted("1970-01-04Z", "10:30:01Z"));
    read(spec, debezium, 2, null, event.formatted("1970-01-04", "10:30:01.250"));
    read(spec, debezium, 3, null, event.formatted("1970-01-04ZZ", "10:30:01Z"));
    read(spec, debezium, 4, null, event.formatted("1970-01-04Z", "10:30:01ZZ"));

    assertThat(collected.changes())
        .containsExactly(
            "UPSERT {0=1, 1=null, 2=null, 3=37801000000, 4=3, 5=1}",
            "UPSERT {0=1, 1=null, 2=null, 3=37801250000, 4=3, 5=2}");
    assertThat(collected.rejected()).hasSize(2);
  }

  @Test
  void aValueThatDebeziumWasNotGivenIsNoValue() throws BadRecord {
    DebeziumRecords debezium = new DebeziumRecords(Tombstones.DELETE);
    String notSent = "__debezium_unavailable_value";
    for (String name : List.of(notSent, Base64.getEncoder().encodeToString(bytes(notSent)))) {
      assertThatThrownBy(
              () ->
                  debezium.parse(
                      null,
                      bytes("{\"op\": \"u\", \"after\": {\"id\": 1, \"name\": \"" + name + "\"}}")))
          .isInstanceOf(BadRecord.class)
          .hasMessage(
              "the value of name was not sent: the source must log whole rows, as PostgreSQL does"
                  + " with REPLICA IDENTITY FULL");
    }
    read(
        SPEC,
        debezium,
        3,
        null,
        "{\"op\": \"d\", \"before\": {\"id\": 1, \"name\": \"" + notSent + "\"}}");
    assertThat(collected.changes())
        .containsExactly("DELETE {0=1, 1=null, 2=null, 3=null, 4=null, 5=3}");
  }

  @Test
  void norIsOneOfAnArrayOrAMap() {
    DebeziumRecords debezium = new DebeziumRecords(Tombstones.DELETE);
    String notSent = "__debezium_unavailable_value";
    String numbers = Arrays.toString(bytes(notSent));
    String uuid = UUID.nameUUIDFromBytes(bytes(notSent)).toString();
    String map = "{\"" + notSent + "\": \"" + notSent + "\"}";
    for (String name : List.of("[\"" + notSent + "\"]", numbers, "[\"" + uuid + "\"]", map)) {
      assertThatThrownBy(
              () ->
                  debezium.parse(
                      null,
                      bytes("{\"op\": \"u\", \"after\": {\"id\": 1, \"name\": " + name + "}}")))
          .as(name)
          .isInstanceOf(BadRecord.class)
          .hasMessageStartingWith("the value of name was not sent: ");
    }
  }

  @Test
  void numbersKeepAllTheirDigitsInsideOfOthersToo() throws BadRecord {
    String exact = SPEC.replace("decimal(8, 2)", "decimal(38, 18)");
    read(
        exact,
        new DebeziumRecords(Tombstones.DELETE),
        1,
        null,
        "{\"op\": \"c\", \"after\": {\"id\": 1, \"price\": 12345.678901234567890123}}");
    read(
        exact,
        new JsonRecords(List.of("id")),
        2,
        null,
        "{\"id\": 2, \"name\": {\"x\": 0.1234567890123456789, \"y\": [1.10]}}");

    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.changes())
        .containsExactly(
            "UPSERT {0=1, 1=null, 2=12345.678901234567890123, 3=null, 4=null, 5=1}",
            "UPSERT {0=2, 1={\"x\":0.1234567890123456789,\"y\":[1.10]}, 2=null, 3=null, 4=null,"
                + " 5=2}");
  }

  @Test
  void aTombstoneOfDebeziumIsPassedOverWhereColumnsAreTheVersion() throws BadRecord {
    read(SPEC, new DebeziumRecords(Tombstones.PASS_OVER), 4, "{\"id\": 1}", null);

    assertThat(collected.changes()).isEmpty();
    assertThat(collected.rejected()).isEmpty();
  }
}
