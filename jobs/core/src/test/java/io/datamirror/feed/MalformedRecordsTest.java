package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.error.MirrorException;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.record.DebeziumRecords;
import io.datamirror.record.DebeziumRecords.Tombstones;
import io.datamirror.record.JsonRecords;
import io.datamirror.record.RecordParser;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of malformed record among good ones, in both formats of topics, and what it becomes.
 */
class MalformedRecordsTest {

  private static final String SPEC =
      """
      mirror: shop
      source: { type: kafka, bootstrap-servers: "localhost:9092" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      tables:
        - name: items
          source: items
          format: %s
          primary-key: [id]
          version: [v]
          on-schema-change: %s
          schema:
            id: long
            v: long
            name: string
            price: "decimal(5, 2)"
            sold: timestamp
            day: date
            picture: binary
      """;

  private static final String GOOD = "{\"id\": 1, \"v\": 1, \"name\": \"a\"}";

  private final RecordCollector collected = new RecordCollector();

  private static TableSpec table(String format, String onSchemaChange) {
    return SpecReader.read(SPEC.formatted(format, onSchemaChange)).tables().get(0);
  }

  private void read(String format, byte[] key, byte[] value) {
    read(table(format, "ignore"), key, value);
  }

  private void read(TableSpec spec, byte[] key, byte[] value) {
    RecordParser parser =
        switch (spec.records().format()) {
          case JSON -> new JsonRecords(List.of("id"));
          case DEBEZIUM_JSON -> new DebeziumRecords(Tombstones.DELETE);
          case AVRO, DEBEZIUM_AVRO, CSV, PARQUET -> throw new IllegalArgumentException();
        };
    new TopicTable(spec, collected).read(parser, key, value);
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] notUtf8() {
    byte[] value = bytes("{\"id\": 2, \"v\": 1, \"name\": \"x\"}");
    value[value.length - 3] = (byte) 0xFF;
    return value;
  }

  private static Arguments json(String kind, String value, LedgerReason reason, String error) {
    return arguments(kind, "json", null, bytes(value), reason, error);
  }

  private static Arguments debezium(String kind, String value, LedgerReason reason, String error) {
    return arguments(kind, "debezium-json", null, bytes(value), reason, error);
  }

  private static String with(String field) {
    return "{\"id\": 2, \"v\": 1, " + field + "}";
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        json("broken off", "{\"id\": 2", LedgerReason.UNREADABLE, "its JSON cannot be read"),
        json("zero length", "", LedgerReason.UNREADABLE, "it is no JSON object"),
        json("an array", "[1]", LedgerReason.UNREADABLE, "it is no JSON object"),
        json(
            "more than an object",
            "{\"id\": 2} {}",
            LedgerReason.UNREADABLE,
            "something stands behind its JSON object"),
        json("a field twice", with("\"v\": 2"), LedgerReason.UNREADABLE, "its JSON cannot be read"),
        json(
            "not a number",
            with("\"price\": NaN"),
            LedgerReason.UNREADABLE,
            "its JSON cannot be read"),
        json(
            "too deep",
            with("\"name\": " + "[".repeat(2_000) + "]".repeat(2_000)),
            LedgerReason.UNREADABLE,
            "its JSON is too large or too deep"),
        arguments(
            "a key that is a number in binary",
            "json",
            new byte[] {0, 0, 0, 0, 0, 0, 0, '2'},
            null,
            LedgerReason.UNREADABLE,
            "its key is no text: it may be a number in binary"),
        arguments(
            "a key with something behind its text",
            "json",
            bytes("\"9\" x"),
            null,
            LedgerReason.UNREADABLE,
            "its JSON cannot be read"),
        arguments(
            "a key with another text behind its text",
            "json",
            bytes("\"9\" \"x\""),
            null,
            LedgerReason.UNREADABLE,
            "something stands behind the text of its key"),
        arguments(
            "a key that is not UTF-8",
            "json",
            new byte[] {(byte) 0xE9},
            null,
            LedgerReason.UNREADABLE,
            "its key is not UTF-8"),
        arguments(
            "not UTF-8",
            "json",
            null,
            notUtf8(),
            LedgerReason.UNREADABLE,
            "its JSON cannot be read"),
        arguments(
            "neither key nor value",
            "json",
            null,
            null,
            LedgerReason.UNREADABLE,
            "it has neither a key nor a value"),
        json(
            "a lone surrogate",
            with("\"name\": \"\\ud800\""),
            LedgerReason.BAD_VALUE,
            "name: a surrogate stands alone at character 1"),
        json(
            "decimal overflow",
            with("\"price\": 1000"),
            LedgerReason.BAD_VALUE,
            "price: it has more digits than decimal(5, 2)"),
        json(
            "a gigabyte of zeros",
            with("\"price\": 1e1000000000"),
            LedgerReason.BAD_VALUE,
            "price: it has too many digits"),
        json(
            "text for a number",
            with("\"price\": \"cheap\""),
            LedgerReason.BAD_VALUE,
            "price: it is not a number"),
        json(
            "an object for a number",
            with("\"price\": {}"),
            LedgerReason.BAD_VALUE,
            "price: it is an object or an array"),
        json(
            "no such day",
            with("\"day\": \"2023-02-30\""),
            LedgerReason.BAD_VALUE,
            "day: it is not a time stamp"),
        json(
            "a year out of range",
            with("\"sold\": \"+12345-01-01T00:00:00\""),
            LedgerReason.BAD_VALUE,
            "sold: it is not between the years 1 and 9999"),
        json(
            "not base64",
            with("\"picture\": \"?\""),
            LedgerReason.BAD_VALUE,
            "picture: it is not base64"),
        json("a null key", "{\"id\": null, \"v\": 1}", LedgerReason.NULL_KEY, "id is null"),
        json("no key", "{\"v\": 1}", LedgerReason.NULL_KEY, "id is null"),
        json("no version", "{\"id\": 2}", LedgerReason.NULL_VERSION, "v is null"),
        json(
            "an unknown operation",
            with("\"_change_request_type\": \"x\""),
            LedgerReason.UNKNOWN_OPERATION,
            "the operation is neither u nor d"),
        arguments(
            "a tombstone without version",
            "json",
            bytes("2"),
            null,
            LedgerReason.NULL_VERSION,
            "v is null"),
        debezium(
            "no event",
            "{\"id\": 2}",
            LedgerReason.UNREADABLE,
            "it is no change event: there is no op"),
        debezium(
            "a truncation",
            "{\"op\": \"t\"}",
            LedgerReason.UNREADABLE,
            "its op is none of c, u, r and d"),
        debezium(
            "a delete without its row",
            "{\"op\": \"d\", \"before\": null, \"after\": null}",
            LedgerReason.UNREADABLE,
            "it is no change event: there is no before"),
        debezium(
            "a day that is no number",
            withSchema("io.debezium.time.Date", "\"day\": \"monday\""),
            LedgerReason.UNREADABLE,
            "a date or a time in it is not the number that its schema says"),
        debezium(
            "a day beyond all days",
            withSchema("io.debezium.time.Date", "\"day\": 9223372036854775807"),
            LedgerReason.UNREADABLE,
            "a date or a time in it is out of range"),
        debezium(
            "decimal bytes that are none",
            withSchema("org.apache.kafka.connect.data.Decimal", "\"day\": \"?\""),
            LedgerReason.UNREADABLE,
            "a decimal in it is not the bytes that its schema says"),
        debezium(
            "a gigabyte of zeros before the point",
            decimal("AQ==", -600_000_000),
            LedgerReason.BAD_VALUE,
            "price: it has more digits than decimal(5, 2)"),
        debezium(
            "a gigabyte of zeros behind the point",
            decimal("AQ==", 600_000_000),
            LedgerReason.BAD_VALUE,
            "price: it has more than 2 digits after the point"));
  }

  private static String withSchema(String type, String field) {
    return withSchema("day", type, field);
  }

  private static String withSchema(String column, String type, String field) {
    return """
        {"schema": {"fields": [{"field": "after", "fields":
            [{"field": "id"}, {"field": "%s", "name": "%s"}]}]},
         "payload": {"op": "c", "before": null, "after": {"id": 2, "v": 1, %s}}}
        """
        .formatted(column, type, field);
  }

  private static String decimal(String bytes, int scale) {
    String value = "\"price\": {\"scale\": %d, \"value\": \"%s\"}".formatted(scale, bytes);
    return withSchema("price", "io.debezium.data.VariableScaleDecimal", value);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("kinds")
  void isRejectedWithItsReasonAndItsPlace(
      String kind, String format, byte[] key, byte[] value, LedgerReason reason, String error) {
    read("json", null, bytes(GOOD));
    read(format, key, value);
    read("json", null, bytes(GOOD));

    assertThat(collected.changes()).as(kind).hasSize(2);
    assertThat(collected.rejected()).as(kind).hasSize(1);
    LedgerEntry entry = collected.rejected().get(0);
    assertThat(entry.reason()).as(kind).isEqualTo(reason);
    assertThat(entry.error()).as(kind).isEqualTo("items-0@7: " + error);
    assertThat(entry.row()).as(kind).contains("7");
  }

  @Test
  void aZeroIsZeroWhateverItsExponent() {
    read("debezium-json", null, bytes(decimal("AA==", -600_000_000)));
    read("debezium-json", null, bytes(decimal("AA==", 600_000_000)));

    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.changes()).hasSize(2).allMatch(change -> change.contains("=0.00"));
  }

  @Test
  void aColumnThatTheSchemaDoesNotNameIsPassedOver() {
    read("json", null, bytes(with("\"colour\": \"red\"")));

    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.changes()).hasSize(1);
  }

  @Test
  void aColumnThatTheSchemaDoesNotNameStopsThoseWhoSaySo() {
    TableSpec strict = table("json", "stop");
    byte[] value = bytes(with("\"colour\": \"red\", \"_change_request_type\": \"u\""));

    assertThatThrownBy(() -> read(strict, null, value))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2011 items.colour: the record at items-0@7 has a column that the schema does"
                + " not name. Add it to schema:, or write on-schema-change: ignore.");
  }
}
