package io.datamirror.avro;

import com.fasterxml.jackson.databind.JsonNode;
import io.datamirror.record.BadRecord;
import io.datamirror.record.CountedTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;

/**
 * What the values of a type stand for: Avro's logical types, and the names that Kafka Connect and
 * Debezium give to types, which say more and count first. What is unknown or does not go with its
 * type is passed over, as Avro wants it: then the value is what its type says.
 */
final class Meanings {

  private static final int MOST_DIGITS = 400;
  private static final int MOST_DECIMAL_BYTES = 166;
  private static final int UUID_BYTES = 16;

  /** What a value of the type below stands for. */
  private interface Meaning {
    Object of(Object value) throws BadRecord;
  }

  private record Meant(AvroReader type, Meaning meaning) implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      return meaning.of(type.read(in));
    }

    @Override
    public void skip(AvroInput in) throws BadRecord {
      type.skip(in);
    }
  }

  private Meanings() {}

  /**
   * The reader of what the values stand for.
   *
   * @param base the name of Avro's type below
   * @param schema what else the schema says of the type
   */
  static AvroReader of(AvroReader reader, String base, JsonNode schema) {
    Meaning meaning = meaning(base, schema);
    return meaning == null ? reader : new Meant(reader, meaning);
  }

  private static Meaning meaning(String base, JsonNode schema) {
    return switch (base) {
      case "int", "long" -> time(base, schema);
      case "bytes" -> decimal(schema);
      case "fixed" -> {
        boolean uuid =
            logicalType(schema).equals("uuid") && schema.path("size").asInt() == UUID_BYTES;
        yield uuid ? value -> uuid((byte[]) value) : decimal(schema);
      }
      case "record" ->
          connectName(schema).equals("io.debezium.data.VariableScaleDecimal")
              ? value -> ofAnyScale((Map<?, ?>) value)
              : null;
      default -> null;
    };
  }

  private static String connectName(JsonNode schema) {
    return schema.path("connect.name").asText();
  }

  private static String logicalType(JsonNode schema) {
    return schema.path("logicalType").asText();
  }

  private static Meaning time(String base, JsonNode schema) {
    CountedTime named = CountedTime.ofConnect(connectName(schema));
    if (named != null) {
      return value -> named.value(((Number) value).longValue());
    }
    return switch (base + " " + logicalType(schema)) {
      case "int date" -> counted(CountedTime.DAYS);
      case "int time-millis" -> counted(CountedTime.MILLIS_OF_DAY);
      case "long time-micros" -> counted(CountedTime.MICROS_OF_DAY);
      case "long timestamp-millis" -> instant(CountedTime.MILLIS);
      case "long timestamp-micros" -> instant(CountedTime.MICROS);
      case "long timestamp-nanos" -> instant(CountedTime.NANOS);
      case "long local-timestamp-millis" -> counted(CountedTime.MILLIS);
      case "long local-timestamp-micros" -> counted(CountedTime.MICROS);
      case "long local-timestamp-nanos" -> counted(CountedTime.NANOS);
      default -> null;
    };
  }

  private static Meaning counted(CountedTime unit) {
    return value -> unit.value(((Number) value).longValue());
  }

  private static Meaning instant(CountedTime unit) {
    return value ->
        ((LocalDateTime) unit.value(((Number) value).longValue())).atOffset(ZoneOffset.UTC);
  }

  private static Meaning decimal(JsonNode schema) {
    boolean connect = connectName(schema).equals("org.apache.kafka.connect.data.Decimal");
    int precision = schema.path("precision").asInt();
    int scale =
        schema.has("scale")
            ? schema.path("scale").asInt(-1)
            : schema.path("connect.parameters").path("scale").asInt(0);
    boolean avro = logicalType(schema).equals("decimal") && scale >= 0 && scale <= precision;
    return (avro || connect) && Math.abs(scale) <= MOST_DIGITS
        ? value -> decimal((byte[]) value, scale)
        : null;
  }

  private static BigDecimal decimal(byte[] unscaled, int scale) throws BadRecord {
    if (unscaled.length == 0) {
      throw new BadRecord("a decimal in its Avro has no bytes");
    }
    if (unscaled.length > MOST_DECIMAL_BYTES) {
      throw new BadRecord("a decimal in its Avro has too many digits");
    }
    return new BigDecimal(new BigInteger(unscaled), scale);
  }

  /** Debezium's decimals of databases that have no scale for a column. */
  private static Object ofAnyScale(Map<?, ?> value) throws BadRecord {
    boolean decimal =
        value.get("scale") instanceof Integer scale
            && Math.abs((long) scale) <= MOST_DIGITS
            && value.get("value") instanceof byte[];
    if (!decimal) {
      throw new BadRecord("a decimal in its Avro has no scale or no value");
    }
    return decimal((byte[]) value.get("value"), (Integer) value.get("scale"));
  }

  private static String uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, UUID_BYTES);
    return new UUID(buffer.getLong(), buffer.getLong()).toString();
  }
}
