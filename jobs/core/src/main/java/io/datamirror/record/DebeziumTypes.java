package io.datamirror.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * What the schema in an event says of its values: Debezium and Kafka Connect write dates, times and
 * decimals as numbers and bytes whose meaning stands there only.
 */
final class DebeziumTypes {

  private JsonNode lastSchema;
  private Map<String, Type> last = Map.of();

  /** How the values of one field are meant. */
  interface Type {
    /** The value of a node that is not null. */
    Object value(JsonNode node) throws BadRecord;
  }

  /** The schema of a field that is a row itself; a missing node if there is none. */
  static JsonNode field(JsonNode schema, String name) {
    for (JsonNode field : schema.path("fields")) {
      if (field.path("field").asText().equals(name)) {
        return field;
      }
    }
    return schema.path("no such field");
  }

  /**
   * The fields of a row that mean other than they look; most events have the schema of the last.
   */
  Map<String, Type> of(JsonNode schema) {
    if (!schema.equals(lastSchema)) {
      Map<String, Type> types = new HashMap<>();
      for (JsonNode field : schema.path("fields")) {
        Type type = type(field);
        if (type != null) {
          types.put(field.path("field").asText(), type);
        }
      }
      lastSchema = schema;
      last = types;
    }
    return last;
  }

  private static Type type(JsonNode field) {
    String name = field.path("name").asText();
    CountedTime time = CountedTime.ofConnect(name);
    if (time != null) {
      return node -> time.value(whole(node));
    }
    return switch (name) {
      case "org.apache.kafka.connect.data.Decimal" -> {
        int scale = field.path("parameters").path("scale").asInt();
        yield node -> decimal(node, scale);
      }
      case "io.debezium.data.VariableScaleDecimal" ->
          node -> decimal(node.path("value"), node.path("scale").asInt());
      default -> null;
    };
  }

  private static long whole(JsonNode node) throws BadRecord {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new BadRecord("a date or a time in it is not the number that its schema says");
    }
    return node.longValue();
  }

  /** With decimal.handling.mode other than precise the value is text or a number already. */
  private static Object decimal(JsonNode node, int scale) throws BadRecord {
    if (!node.isTextual()) {
      return node.asText();
    }
    try {
      return new BigDecimal(new BigInteger(node.binaryValue()), scale);
    } catch (IOException | NumberFormatException e) {
      throw new BadRecord("a decimal in it is not the bytes that its schema says");
    }
  }
}
