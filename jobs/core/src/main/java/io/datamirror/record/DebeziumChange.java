package io.datamirror.record;

import io.datamirror.change.Operation;
import java.util.Map;

/** What a change event of Debezium asks for, and on which of its sides the row stands. */
public enum DebeziumChange {
  UPSERT(Operation.UPSERT, "after"),
  DELETE(Operation.DELETE, "before");

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

  /** The record of a row. */
  public SourceRecord of(Map<String, Object> row) {
    return new SourceRecord(operation, row);
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
