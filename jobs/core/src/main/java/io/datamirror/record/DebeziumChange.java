package io.datamirror.record;

import io.datamirror.change.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a change event of Debezium asks for, and on which of its sides the row stands. */
public enum DebeziumChange {
  UPSERT(Operation.UPSERT, "after"),
  DELETE(Operation.DELETE, "before");

  /**
   * What Debezium writes for a large value that the source's log leaves out, as PostgreSQL does
   * with one that did not change: its option unavailable.value.placeholder, unless somebody set it.
   */
  private static final String NOT_SENT = "__debezium_unavailable_value";

  private static final byte[] NOT_SENT_BYTES = NOT_SENT.getBytes(StandardCharsets.UTF_8);
  private static final String NOT_SENT_BASE64 = Base64.getEncoder().encodeToString(NOT_SENT_BYTES);
  private static final String NOT_SENT_MAP = "{\"" + NOT_SENT + "\":\"" + NOT_SENT + "\"}";

  /** Texts and bytes, and hstore as JSON. */
  private static final Set<String> NOT_SENT_TEXTS = Set.of(NOT_SENT, NOT_SENT_BASE64, NOT_SENT_MAP);

  /** Arrays of texts, bytes, numbers and UUIDs, and hstore as a map. */
  private static final Set<String> NOT_SENT_NESTED =
      Set.of(
          "[\"" + NOT_SENT + "\"]",
          "[\"" + NOT_SENT_BASE64 + "\"]",
          "[" + NOT_SENT.chars().mapToObj(String::valueOf).collect(Collectors.joining(",")) + "]",
          "[\"" + UUID.nameUUIDFromBytes(NOT_SENT_BYTES) + "\"]",
          NOT_SENT_MAP);

  private final Operation operation;
  private final String side;

  DebeziumChange(Operation operation, String side) {
    this.operation = operation;
    this.side = side;
  }

  /**
   * What an event asks for.
   *
   * @param op what the event says; null if it says nothing
   * @throws BadRecord if it is no event, or one that has no row
   */
  public static DebeziumChange of(String op) throws BadRecord {
    if (op == null) {
      throw noEvent("op");
    }
    return switch (op) {
      case "c", "u", "r" -> UPSERT;
      case "d" -> DELETE;
      default -> throw new BadRecord("its op is none of c, u, r and d");
    };
  }

  /** The field of the event that holds the row. */
  public String side() {
    return side;
  }

  /**
   * The record of a row.
   *
   * @throws BadRecord if a column of it was not sent: what stands in its place is no value
   */
  public SourceRecord of(Map<String, Object> row) throws BadRecord {
    for (Map.Entry<String, Object> column : row.entrySet()) {
      if (operation == Operation.UPSERT && isPlaceholder(column.getValue())) {
        throw new BadRecord(
            "the value of "
                + column.getKey()
                + " was not sent: the source must log whole rows, as PostgreSQL does with REPLICA"
                + " IDENTITY FULL");
      }
    }
    return new SourceRecord(operation, row);
  }

  private static boolean isPlaceholder(Object value) {
    if (value instanceof String text) {
      return NOT_SENT_TEXTS.contains(text);
    }
    if (value instanceof SourceRecord.Nested nested) {
      return NOT_SENT_NESTED.contains(nested.json());
    }
    return value instanceof byte[] bytes && Arrays.equals(bytes, NOT_SENT_BYTES);
  }

  /** The event has no row on its side. */
  public BadRecord withoutRow() {
    return noEvent(side);
  }

  /** It is no event, for want of a field. */
  public static BadRecord noEvent(String missing) {
    return new BadRecord("it is no change event: there is no " + missing);
  }
}
