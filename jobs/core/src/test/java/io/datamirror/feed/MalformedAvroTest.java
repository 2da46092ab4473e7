package io.datamirror.feed;

import static io.datamirror.feed.AvroTexts.COLOUR;
import static io.datamirror.feed.AvroTexts.DECIMAL;
import static io.datamirror.feed.AvroTexts.field;
import static io.datamirror.feed.AvroTexts.logical;
import static io.datamirror.feed.AvroTexts.row;
import static io.datamirror.feed.AvroTexts.rowOf;
import static io.datamirror.feed.AvroTexts.unscaled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of records in Avro, whatever is wrong with them. */
class MalformedAvroTest {

  private final AvroTopic topic = new AvroTopic();

  static Stream<Arguments> badValues() {
    return Stream.of(
        arguments("\"long\"", 1L << 40, "int", "v: it is not a whole number of 32 bits"),
        arguments("\"string\"", "cheap", "long", "v: it is not a number"),
        arguments(
            "\"bytes\"", ByteBuffer.wrap(new byte[] {-1}), "string", "v: its bytes are not UTF-8"),
        arguments(
            DECIMAL,
            unscaled("123456"),
            "decimal(3, 2)",
            "v: it has more digits than decimal(3, 2)"),
        arguments(
            logical("long", "timestamp-millis"),
            Long.MAX_VALUE / 1_000,
            "timestamptz",
            "v: it is not between the years 1 and 9999"),
        arguments(
            "{\"type\": \"array\", \"items\": \"int\"}",
            List.of(1),
            "int",
            "v: it is an object or an array"));
  }

  @ParameterizedTest(name = "{0} as {2}")
  @MethodSource("badValues")
  void a_value_that_does_not_fit_is_in_the_ledger_with_its_place(
      String avro, Object value, String declared, String error) {
    Schema schema = rowOf(avro);
    topic.read(
        AvroTopic.table("avro", "ignore", declared),
        null,
        topic.message(row(schema, 1L, value), schema));

    assertThat(topic.changes()).isEmpty();
    LedgerEntry entry = topic.rejected().get(0);
    assertThat(entry.reason()).isEqualTo(LedgerReason.BAD_VALUE);
    assertThat(entry.error()).isEqualTo("items-0@7: " + error);
    assertThat(entry.row()).startsWith("{\"id\":1,\"v\":");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** The head of a message with the schema of {@link AvroTopic#ID}, before these bytes. */
  private static byte[] after(int... values) {
    byte[] head = {0, 0, 0, 0, AvroTopic.ID};
    byte[] message = Arrays.copyOf(head, head.length + values.length);
    System.arraycopy(bytes(values), 0, message, head.length, values.length);
    return message;
  }

  static Stream<Arguments> malformed() {
    String string = "\"string\"";
    return Stream.of(
        arguments(
            "no bytes", string, bytes(), "it does not begin with a zero and the id of a schema"),
        arguments(
            "another magic byte",
            string,
            bytes(1, 0, 0, 0, AvroTopic.ID, 2, 0),
            "it does not begin with a zero and the id of a schema"),
        arguments(
            "JSON",
            string,
            "{\"id\": 1}".getBytes(StandardCharsets.UTF_8),
            "it does not begin with a zero and the id of a schema"),
        arguments(
            "half an id",
            string,
            bytes(0, 0, 0),
            "it does not begin with a zero and the id of a schema"),
        arguments(
            "an unknown id",
            string,
            bytes(0, 0, 0, 0, 99, 2, 0),
            "the registry has no schema of its id 99"),
        arguments("nothing behind the id", string, after(), "its Avro is broken off"),
        arguments("half a text", string, after(2, 20, 'a'), "its Avro is broken off"),
        arguments(
            "a text of two gigabytes",
            string,
            after(2, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F),
            "its Avro is broken off"),
        arguments("a text of negative length", string, after(2, 1, 'a'), "its Avro is broken off"),
        arguments(
            "a text that is not UTF-8",
            string,
            after(2, 2, 0xFF),
            "a text in its Avro is not UTF-8"),
        arguments(
            "a lone surrogate",
            string,
            after(2, 6, 0xED, 0xA0, 0x80),
            "a text in its Avro is not UTF-8"),
        arguments("more than a row", string, after(2, 0, 0), "something stands behind its Avro"),
        arguments(
            "an endless number",
            string,
            after(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF),
            "a number in its Avro has more than 64 bits"),
        arguments(
            "an int of 64 bits",
            "\"int\"",
            after(2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F),
            "an int in its Avro has more than 32 bits"),
        arguments(
            "a boolean of 2",
            "\"boolean\"",
            after(2, 2),
            "a boolean in its Avro is neither 0 nor 1"),
        arguments(
            "no such branch",
            "[\"null\", \"string\"]",
            after(2, 4),
            "a union or an enum in its Avro has no such alternative"),
        arguments(
            "no such word",
            COLOUR,
            after(2, 4),
            "a union or an enum in its Avro has no such alternative"),
        arguments(
            "a million items of nothing",
            "{\"type\": \"array\", \"items\": \"null\"}",
            after(2, 0x80, 0x89, 0x7A, 0),
            "an array or a map in its Avro claims more items than there are bytes"),
        arguments(
            "a decimal without bytes", DECIMAL, after(2, 0), "a decimal in its Avro has no bytes"),
        arguments(
            "a time of more than a day",
            logical("int", "time-millis"),
            after(2, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F),
            "a date or a time in it is out of range"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void what_is_malformed_is_unreadable(String kind, String avro, byte[] value, String error) {
    topic.register(AvroTopic.ID, rowOf(avro).toString());
    topic.read(AvroTopic.table("avro", "ignore", "string"), null, value);

    assertThat(topic.changes()).isEmpty();
    LedgerEntry entry = topic.rejected().get(0);
    assertThat(entry.reason()).isEqualTo(LedgerReason.UNREADABLE);
    assertThat(entry.error()).isEqualTo("items-0@7: " + error);
  }

  @Test
  void a_row_that_holds_itself_without_an_end_is_unreadable() {
    String list =
        "{\"type\": \"record\", \"name\": \"L\", \"fields\": ["
            + field("next", "[\"null\", \"L\"]")
            + "]}";
    topic.register(AvroTopic.ID, rowOf(list).toString());
    int[] deep = new int[2_000];
    Arrays.fill(deep, 2);
    topic.read(AvroTopic.table("avro", "ignore", "string"), null, after(deep));

    assertThat(topic.rejected().get(0).error()).isEqualTo("items-0@7: its Avro is too deep");
  }

  static Stream<Arguments> schemasThatAreNone() {
    String none = "its schema is not one of Avro: ";
    return Stream.of(
        arguments("", none + "a type is missing"),
        arguments("{", none + "it is not JSON"),
        arguments("\"text\"", none + "it names a type that it does not declare"),
        arguments("{}", none + "a type is missing"),
        arguments("{\"type\": \"record\", \"name\": \"R\"}", none + "a record has no fields"),
        arguments("{\"type\": \"record\", \"fields\": []}", none + "a type has no name"),
        arguments(
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": ["
                + field("a", "\"int\"")
                + ","
                + field("a", "\"int\"")
                + "]}",
            none + "a field has no name of its own"),
        arguments("{\"type\": \"fixed\", \"name\": \"F\"}", none + "a fixed has no size"),
        arguments("\"string\"", "its Avro is no row"));
  }

  @ParameterizedTest
  @MethodSource("schemasThatAreNone")
  void a_schema_that_is_none_of_a_row_makes_its_records_unreadable(String schema, String error) {
    topic.register(AvroTopic.ID, schema);
    topic.read(AvroTopic.table("avro", "ignore", "string"), null, after(0));

    assertThat(topic.rejected().get(0).reason()).isEqualTo(LedgerReason.UNREADABLE);
    assertThat(topic.rejected().get(0).error()).isEqualTo("items-0@7: " + error);
  }

  @Test
  void a_key_that_is_no_row_and_not_of_one_column_deletes_nothing() {
    topic.register(AvroTopic.ID, "\"null\"");
    topic.read(AvroTopic.table("avro", "ignore", "string"), after(), null);
    topic.read(AvroTopic.table("avro", "ignore", "string"), null, null);

    assertThat(topic.rejected())
        .extracting(LedgerEntry::error)
        .containsExactly(
            "items-0@7: its key is no row in Avro", "items-0@7: it has neither a key nor a value");
  }
}
