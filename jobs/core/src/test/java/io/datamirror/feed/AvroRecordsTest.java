package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.avro.AvroRecords;
import io.datamirror.avro.AvroSchemas;
import io.datamirror.avro.DebeziumAvroRecords;
import io.datamirror.error.MirrorException;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
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
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of records in Avro, whatever their types are and whatever is wrong with them. */
class AvroRecordsTest {

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

  private static final int ID = 17;
  private static final int KEY_ID = 18;

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

  private static TableSpec table(String format, String onSchemaChange, String type) {
    return SpecReader.read(SPEC.formatted(format, onSchemaChange, type)).tables().get(0);
  }

  private void read(TableSpec spec, byte[] key, byte[] value) {
    RecordParser parser =
        spec.records().format() == RecordFormat.AVRO
            ? new AvroRecords(schemas, List.of("id"))
            : new DebeziumAvroRecords(schemas, Tombstones.DELETE, List.of("id"));
    new TopicTable(spec, collected).read(parser, key, value);
  }

  private static Schema row(String fields) {
    return new Schema.Parser()
        .parse("{\"type\": \"record\", \"name\": \"Item\", \"fields\": [" + fields + "]}");
  }

  private static String field(String name, String type) {
    return "{\"name\": \"" + name + "\", \"type\": " + type + "}";
  }

  private static Schema rowOf(String type) {
    return row(field("id", "\"long\"") + ", " + field("v", type));
  }

  private static GenericData.Record row(Schema schema, Object... values) {
    GenericData.Record row = new GenericData.Record(schema);
    for (int i = 0; i < values.length; i++) {
      row.put(i, values[i]);
    }
    return row;
  }

  private byte[] message(Object value, Schema schema) {
    registered.put(ID, schema.toString());
    return message(ID, schema, value);
  }

  private static byte[] message(int id, Schema schema, Object value) {
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

  private static ByteBuffer unscaled(String digits) {
    return ByteBuffer.wrap(new BigInteger(digits).toByteArray());
  }

  private static String logical(String base, String type) {
    return "{\"type\": \"" + base + "\", \"logicalType\": \"" + type + "\"}";
  }

  private static String named(String base, String name) {
    return "{\"type\": \"" + base + "\", \"connect.name\": \"" + name + "\"}";
  }

  private static final String DECIMAL =
      "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 6, \"scale\": 2}";
  private static final String CONNECT_DECIMAL =
      "{\"type\": \"bytes\", \"scale\": 2, \"precision\": 64,"
          + " \"connect.parameters\": {\"scale\": \"2\"},"
          + " \"connect.name\": \"org.apache.kafka.connect.data.Decimal\"}";
  private static final String FIXED_DECIMAL =
      "{\"type\": \"fixed\", \"name\": \"D\", \"size\": 3, \"logicalType\": \"decimal\","
          + " \"precision\": 6, \"scale\": 1}";
  private static final String UUID =
      "{\"type\": \"fixed\", \"name\": \"U\", \"size\": 16, \"logicalType\": \"uuid\"}";
  private static final String COLOUR =
      "{\"type\": \"enum\", \"name\": \"C\", \"symbols\": [\"RED\", \"BLUE\"]}";
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
    byte[] message = message(row(schema, 1L, value), schema);
    read(table("avro", "ignore", declared), null, message);

    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.changes()).containsExactly("UPSERT {0=1, 1=" + expected + ", 2=7}");
  }

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
    read(table("avro", "ignore", declared), null, message(row(schema, 1L, value), schema));

    assertThat(collected.changes()).isEmpty();
    LedgerEntry entry = collected.rejected().get(0);
    assertThat(entry.reason()).isEqualTo(LedgerReason.BAD_VALUE);
    assertThat(entry.error()).isEqualTo("items-0@7: " + error);
    assertThat(entry.row()).startsWith("{\"id\":1,\"v\":");
  }

  @Test
  void the_control_column_says_what_a_row_asks_for() {
    Schema schema =
        row(
            field("id", "\"long\"")
                + ", "
                + field("_change_request_type", "[\"null\", \"string\"]"));
    TableSpec table = table("avro", "stop", "string");
    read(table, null, message(row(schema, 1L, "d"), schema));
    read(table, null, message(row(schema, 2L, null), schema));
    read(table, null, message(row(schema, 3L, "x"), schema));

    assertThat(collected.changes())
        .containsExactly("DELETE {0=1, 1=null, 2=7}", "UPSERT {0=2, 1=null, 2=7}");
    assertThat(collected.rejected().get(0).reason()).isEqualTo(LedgerReason.UNKNOWN_OPERATION);
  }

  @Test
  void a_field_that_the_spec_does_not_declare_stops_those_who_say_so() {
    Schema schema = row(field("id", "\"long\"") + ", " + field("colour", "\"string\""));
    byte[] message = message(row(schema, 1L, "red"), schema);
    read(table("avro", "ignore", "string"), null, message);

    TableSpec strict = table("avro", "stop", "string");
    assertThatThrownBy(() -> read(strict, null, message))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-2011 items.colour: the record at items-0@7");
    assertThat(collected.changes()).hasSize(1);
  }

  @Test
  void a_record_without_a_value_deletes_the_row_of_its_key_in_avro_or_plain() {
    Schema key = row(field("id", "\"long\""));
    Schema bare = Schema.create(Schema.Type.STRING);
    registered.put(ID, key.toString());
    registered.put(KEY_ID, bare.toString());
    for (String format : List.of("avro", "debezium-avro")) {
      TableSpec table = table(format, "ignore", "string");
      read(table, message(ID, key, row(key, 5L)), null);
      read(table, message(KEY_ID, bare, "6"), null);
      read(table, "{\"id\": 7}".getBytes(StandardCharsets.UTF_8), null);
    }

    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.changes().subList(0, 3))
        .containsExactly(
            "DELETE {0=5, 1=null, 2=7}", "DELETE {0=6, 1=null, 2=7}", "DELETE {0=7, 1=null, 2=7}")
        .isEqualTo(collected.changes().subList(3, 6));
  }

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

  private static GenericData.Record item(long id, String v) {
    return row(EVENT.getField("after").schema().getTypes().get(1), id, v);
  }

  private void event(String op, GenericData.Record before, GenericData.Record after) {
    GenericData.Record event = row(EVENT, before, after, Map.of("db", "shop"), op);
    read(table("debezium-avro", "ignore", "string"), null, message(event, EVENT));
  }

  @Test
  void events_of_debezium_upsert_what_is_after_and_delete_what_was_before() {
    event("c", null, item(1, "a"));
    event("u", item(1, "a"), item(1, "b"));
    event("r", null, item(2, null));
    event("d", item(1, "b"), null);

    assertThat(collected.changes())
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
    registered.put(KEY_ID, row.toString());
    read(table("debezium-avro", "ignore", "string"), null, message(KEY_ID, row, row(row, 1L, "a")));

    assertThat(collected.changes()).isEmpty();
    assertThat(collected.rejected())
        .extracting(LedgerEntry::error)
        .containsExactly(
            "items-0@7: its op is none of c, u, r and d",
            "items-0@7: it is no change event: there is no before",
            "items-0@7: it is no change event: there is no after",
            "items-0@7: it is no change event: there is no op");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** The head of a message with the schema of {@link #ID}, before these bytes. */
  private static byte[] after(int... values) {
    byte[] head = {0, 0, 0, 0, ID};
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
            bytes(1, 0, 0, 0, ID, 2, 0),
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
    registered.put(ID, rowOf(avro).toString());
    read(table("avro", "ignore", "string"), null, value);

    assertThat(collected.changes()).isEmpty();
    LedgerEntry entry = collected.rejected().get(0);
    assertThat(entry.reason()).isEqualTo(LedgerReason.UNREADABLE);
    assertThat(entry.error()).isEqualTo("items-0@7: " + error);
  }

  @Test
  void a_row_that_holds_itself_without_an_end_is_unreadable() {
    String list =
        "{\"type\": \"record\", \"name\": \"L\", \"fields\": ["
            + field("next", "[\"null\", \"L\"]")
            + "]}";
    registered.put(ID, rowOf(list).toString());
    int[] deep = new int[2_000];
    Arrays.fill(deep, 2);
    read(table("avro", "ignore", "string"), null, after(deep));

    assertThat(collected.rejected().get(0).error()).isEqualTo("items-0@7: its Avro is too deep");
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
    registered.put(ID, schema);
    read(table("avro", "ignore", "string"), null, after(0));

    assertThat(collected.rejected().get(0).reason()).isEqualTo(LedgerReason.UNREADABLE);
    assertThat(collected.rejected().get(0).error()).isEqualTo("items-0@7: " + error);
  }

  @Test
  void a_key_that_is_no_row_and_not_of_one_column_deletes_nothing() {
    registered.put(ID, "\"null\"");
    read(table("avro", "ignore", "string"), after(), null);
    read(table("avro", "ignore", "string"), null, null);

    assertThat(collected.rejected())
        .extracting(LedgerEntry::error)
        .containsExactly(
            "items-0@7: its key is no row in Avro", "items-0@7: it has neither a key nor a value");
  }
}
