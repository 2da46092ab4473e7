package io.datamirror.feed;

import static io.datamirror.feed.AvroTexts.COLOUR;
import static io.datamirror.feed.AvroTexts.DECIMAL;
import static io.datamirror.feed.AvroTexts.field;
import static io.datamirror.feed.AvroTexts.logical;
import static io.datamirror.feed.AvroTexts.named;
import static io.datamirror.feed.AvroTexts.row;
import static io.datamirror.feed.AvroTexts.rowOf;
import static io.datamirror.feed.AvroTexts.unscaled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of values in Avro, whatever their types are. */
class AvroTypesTest {

  private static final String CONNECT_DECIMAL =
      "{\"type\": \"bytes\", \"scale\": 2, \"precision\": 64,"
          + " \"connect.parameters\": {\"scale\": \"2\"},"
          + " \"connect.name\": \"org.apache.kafka.connect.data.Decimal\"}";
  private static final String FIXED_DECIMAL =
      "{\"type\": \"fixed\", \"name\": \"D\", \"size\": 3, \"logicalType\": \"decimal\","
          + " \"precision\": 6, \"scale\": 1}";
  private static final String UUID =
      "{\"type\": \"fixed\", \"name\": \"U\", \"size\": 16, \"logicalType\": \"uuid\"}";

  private static final String ANY_SCALE =
      "{\"type\": \"record\", \"name\": \"VariableScaleDecimal\", \"namespace\": \"io.debezium.data\","
          + " \"connect.name\": \"io.debezium.data.VariableScaleDecimal\", \"fields\": ["
          + "{\"name\": \"scale\", \"type\": \"int\"}, {\"name\": \"value\", \"type\": \"bytes\"}]}";
  private static final String NESTED =
      "{\"type\": \"record\", \"name\": \"N\", \"fields\": ["
          + field("day", logical("int", "date"))
          + ","
          + field("price", DECIMAL)
          + ","
          + field("tags", "{\"type\": \"array\", \"items\": [\"null\", \"string\"]}")
          + ","
          + field("raw", "\"bytes\"")
          + ","
          + field("size", "\"double\"")
          + "]}";

  private final AvroTopic topic = new AvroTopic();

  private static GenericData.Record nested() {
    return row(
        new Schema.Parser().parse(NESTED),
        3,
        unscaled("12345"),
        Arrays.asList("a", null),
        ByteBuffer.wrap(new byte[] {1}),
        Double.NaN);
  }

  static Stream<Arguments> types() {
    GenericData.Fixed uuid = new GenericData.Fixed(new Schema.Parser().parse(UUID), new byte[16]);
    GenericData.Fixed fixed =
        new GenericData.Fixed(new Schema.Parser().parse(FIXED_DECIMAL), new byte[] {0, 1, 0});
    GenericData.EnumSymbol blue =
        new GenericData.EnumSymbol(new Schema.Parser().parse(COLOUR), "BLUE");
    GenericData.Record any = row(new Schema.Parser().parse(ANY_SCALE), 3, unscaled("-12345"));
    return Stream.of(
        arguments("\"boolean\"", true, "boolean", "true"),
        arguments("\"int\"", -5, "int", "-5"),
        arguments("\"int\"", -5, "long", "-5"),
        arguments("\"long\"", 1L << 40, "long", "1099511627776"),
        arguments("\"long\"", 5L, "decimal(4, 2)", "5.00"),
        arguments("\"float\"", 1.1f, "float", "1.1"),
        arguments("\"float\"", Float.NaN, "float", "NaN"),
        arguments("\"double\"", Double.POSITIVE_INFINITY, "double", "Infinity"),
        arguments("\"double\"", 1e-3, "string", "0.001"),
        arguments("\"string\"", "grün", "string", "grün"),
        arguments("\"string\"", "12.50", "decimal(4, 2)", "12.50"),
        arguments(
            "\"bytes\"", ByteBuffer.wrap("raw".getBytes(StandardCharsets.UTF_8)), "binary", "raw"),
        arguments("[\"null\", \"string\"]", null, "string", "null"),
        arguments("[\"null\", \"string\", \"long\"]", 7L, "string", "7"),
        arguments(COLOUR, blue, "string", "BLUE"),
        arguments(UUID, uuid, "string", "00000000-0000-0000-0000-000000000000"),
        arguments(logical("string", "uuid"), "abc", "string", "abc"),
        arguments(DECIMAL, unscaled("-12345"), "decimal(8, 2)", "-123.45"),
        arguments(FIXED_DECIMAL, fixed, "decimal(8, 2)", "25.60"),
        arguments(CONNECT_DECIMAL, unscaled("12345"), "decimal(8, 2)", "123.45"),
        arguments(ANY_SCALE, any, "decimal(8, 3)", "-12.345"),
        arguments(logical("int", "date"), 3, "date", "3"),
        arguments(logical("int", "time-millis"), 1_500, "time", "1500000"),
        arguments(logical("long", "time-micros"), 1_500_000L, "time", "1500000"),
        arguments(logical("long", "timestamp-millis"), 1_500L, "timestamptz", "1500000"),
        arguments(logical("long", "timestamp-millis"), 1_500L, "timestamp", "1500000"),
        arguments(logical("long", "timestamp-millis"), -1L, "string", "1969-12-31T23:59:59.999Z"),
        arguments(logical("long", "timestamp-micros"), -1L, "timestamptz", "-1"),
        arguments(logical("long", "timestamp-nanos"), 1_999L, "timestamptz", "1"),
        arguments(logical("long", "local-timestamp-millis"), 2L, "timestamp", "2000"),
        arguments(logical("long", "local-timestamp-micros"), 2L, "timestamp", "2"),
        arguments(logical("long", "local-timestamp-nanos"), 2_000L, "timestamp", "2"),
        arguments(logical("long", "timestamp-millis"), 0L, "date", "0"),
        arguments(named("int", "io.debezium.time.Date"), -1, "date", "-1"),
        arguments(named("int", "org.apache.kafka.connect.data.Date"), 2, "date", "2"),
        arguments(named("int", "io.debezium.time.Time"), 7, "time", "7000"),
        arguments(named("long", "io.debezium.time.MicroTime"), 7_000L, "time", "7000"),
        arguments(named("long", "io.debezium.time.NanoTime"), 7_000_000L, "time", "7000"),
        arguments(named("long", "io.debezium.time.Timestamp"), 5L, "timestamp", "5000"),
        arguments(named("long", "io.debezium.time.MicroTimestamp"), 5L, "timestamp", "5"),
        arguments(named("long", "io.debezium.time.NanoTimestamp"), 5_000L, "timestamptz", "5"),
        arguments(
            named("string", "io.debezium.time.ZonedTimestamp"),
            "1970-01-01T00:00:01+01:00",
            "timestamptz",
            "-3599000000"),
        arguments(named("string", "io.debezium.time.IsoDate"), "1970-01-03Z", "date", "2"),
        arguments(named("string", "io.debezium.time.IsoTime"), "00:00:01.5Z", "time", "1500000"),
        arguments(
            named("string", "io.debezium.time.IsoTimestamp"),
            "1970-01-01T00:00:01Z",
            "timestamp",
            "1000000"),
        arguments(named("string", "io.debezium.data.Json"), "{\"a\": 1}", "string", "{\"a\": 1}"),
        // Unknown or misplaced, a logical type says nothing.
        arguments(logical("string", "date"), "1970-01-03", "date", "2"),
        arguments(logical("long", "date"), 9L, "long", "9"),
        arguments(logical("int", "fortnight"), 9, "int", "9"),
        arguments(
            "{\"type\": \"map\", \"values\": \"long\"}", Map.of("a", 1L), "string", "{\"a\":1}"),
        arguments(
            "[\"null\", " + NESTED + "]",
            nested(),
            "string",
            "{\"day\":\"1970-01-04\",\"price\":\"123.45\",\"tags\":[\"a\",null],\"raw\":\"AQ==\","
                + "\"size\":\"NaN\"}"));
  }

  @ParameterizedTest(name = "{0} as {2}")
  @MethodSource("types")
  void a_value_becomes_what_the_spec_declares(
      String avro, Object value, String declared, String expected) {
    Schema schema = rowOf(avro);
    byte[] message = topic.message(row(schema, 1L, value), schema);
    topic.read(AvroTopic.table("avro", "ignore", declared), null, message);

    assertThat(topic.rejected()).isEmpty();
    assertThat(topic.changes()).containsExactly("UPSERT {0=1, 1=" + expected + ", 2=7}");
  }
}
