package io.datamirror.feed;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.Operation;
import io.datamirror.error.MirrorException;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.record.SourceRecord;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntPredicate;

/**
 * Makes of each record a change, or an entry of the ledger that says why it is none and where the
 * record stands. Wrong data never throws; not thread-safe.
 *
 * <p>Of a delete only key, version, order and time are read: the rest of its row means nothing.
 */
public final class RecordDecoder {

  private final RecordTable table;
  private final ChangeLayout layout;
  private final ChangeSink sink;
  private final ChangeAssembler assembler;
  private final ValueWriter[] writers;
  private final boolean[] lawColumns;

  RecordDecoder(RecordTable table, ChangeSink sink) {
    this.table = table;
    this.layout = table.layout();
    this.sink = sink;
    this.assembler = new ChangeAssembler(layout, sink.row());
    this.writers = new ValueWriter[layout.columns().size()];
    this.lawColumns = new boolean[writers.length];
    for (int i = 0; i < writers.length; i++) {
      writers[i] = new ValueWriter(layout.columns().get(i).type());
      lawColumns[i] =
          layout.key().contains(i)
              || layout.version().contains(i)
              || layout.order() == i
              || layout.time() == i;
    }
  }

  /** Whether changes go to {@code other}. */
  public boolean serves(ChangeSink other) {
    return sink == other;
  }

  /**
   * Hands over what becomes of a record.
   *
   * @param where where it stands, for people
   * @param place the values of the columns that say where it stands
   * @throws MirrorException if it has a column that is not declared and that is not passed over
   */
  public void deliver(SourceRecord record, String where, Map<String, Object> place) {
    assembler.reset();
    checkColumns(record, where);
    Row row = new Row(record, where, place);
    Operation operation = operation(record);
    if (operation == null) {
      refuse(row, LedgerReason.UNKNOWN_OPERATION, "the operation is neither u nor d");
    } else if (read(row, operation)) {
      deliver(row, operation);
    }
  }

  /**
   * Hands over that something is not in its format.
   *
   * @param where where it stands, for people
   * @param raw what stands there, as a JSON object
   * @param sentence what is wrong with it
   */
  public void unreadable(String where, String raw, String sentence) {
    sink.reject(
        new LedgerEntry(
            layout.table(),
            LedgerReason.UNREADABLE,
            "{}",
            null,
            null,
            null,
            raw,
            where + ": " + sentence));
  }

  private record Row(SourceRecord record, String where, Map<String, Object> place) {
    Object value(String column) {
      return place.containsKey(column) ? place.get(column) : record.values().get(column);
    }
  }

  private void checkColumns(SourceRecord record, String where) {
    if (table.undeclared() == RecordTable.Undeclared.PASSED_OVER) {
      return;
    }
    for (String column : record.values().keySet()) {
      if (!table.declares(column)) {
        throw UndeclaredColumn.error(table, column, where);
      }
    }
  }

  private Operation operation(SourceRecord record) {
    if (record.operation() != null) {
      return record.operation();
    }
    Object value = record.values().get(table.operation());
    if (value == null) {
      return Operation.UPSERT;
    }
    return switch (value.toString().trim().toLowerCase(Locale.ROOT)) {
      case "u" -> Operation.UPSERT;
      case "d" -> Operation.DELETE;
      default -> null;
    };
  }

  private boolean read(Row row, Operation operation) {
    for (int i = 0; i < writers.length; i++) {
      Object value = operation == Operation.DELETE && !lawColumns[i] ? null : row.value(source(i));
      String problem = value == null ? nothing(i) : problem(value, i);
      if (problem != null) {
        refuse(row, LedgerReason.BAD_VALUE, source(i) + ": " + problem);
        return false;
      }
    }
    return true;
  }

  private String nothing(int column) {
    assembler.writeNull(column);
    return null;
  }

  private String problem(Object value, int column) {
    Column target = layout.columns().get(column);
    try {
      writers[column].write(plain(value, target.type().kind()), assembler, column);
      return null;
    } catch (BadValue e) {
      return e.getMessage();
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      return "it cannot be read as " + target.type();
    }
  }

  /** Text formats have no bytes: binary values are base64 there. */
  private static Object plain(Object value, Kind kind) throws BadValue {
    if (value instanceof SourceRecord.NoValue none) {
      throw new BadValue(none.sentence());
    }
    if (value instanceof SourceRecord.Nested nested) {
      if (kind != Kind.STRING) {
        throw new BadValue("it is an object or an array");
      }
      return nested.json();
    }
    if (kind == Kind.BINARY && value instanceof String text) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw new BadValue("it is not base64");
      }
    }
    return value;
  }

  private void deliver(Row row, Operation operation) {
    if (table.time() == RecordTable.TimeNeed.REQUIRED && assembler.missing(layout.time())) {
      refuse(row, LedgerReason.NULL_TIME, source(layout.time()) + " is null");
    } else if (assembler.keyMissing()) {
      refuse(row, LedgerReason.NULL_KEY, firstMissing(layout.key()) + " is null");
    } else if (assembler.versionMissing()) {
      refuse(row, LedgerReason.NULL_VERSION, firstMissing(layout.version()) + " is null");
    } else {
      sink.change(operation, assembler.key(), assembler.rank(operation), assembler.timeMillis());
    }
  }

  private void refuse(Row row, LedgerReason reason, String sentence) {
    sink.reject(
        new LedgerEntry(
            layout.table(),
            reason,
            json(row, layout.key()::contains),
            text(row, layout.version()),
            layout.order() < 0 ? null : text(row, List.of(layout.order())),
            assembler.timeMillis() == Long.MIN_VALUE ? null : assembler.timeMillis(),
            whole(row),
            row.where() + ": " + sentence));
  }

  private String json(Row row, IntPredicate wanted) {
    JsonText json = new JsonText();
    for (int i = 0; i < writers.length; i++) {
      if (wanted.test(i)) {
        append(json, source(i), row.value(source(i)));
      }
    }
    return json.end();
  }

  /** Everything that the record says, declared or not. */
  private static String whole(Row row) {
    JsonText json = new JsonText();
    row.record().values().forEach((column, value) -> append(json, column, value));
    row.place().forEach((column, value) -> append(json, column, value));
    return json.end();
  }

  private static void append(JsonText json, String name, Object value) {
    json.name(name);
    if (value == null) {
      json.nothing();
    } else if (value instanceof Boolean || value instanceof Number) {
      json.plain(value.toString());
    } else if (value instanceof byte[] bytes) {
      json.string(Base64.getEncoder().encodeToString(bytes));
    } else {
      json.string(value instanceof SourceRecord.Nested nested ? nested.json() : value.toString());
    }
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? Base64.getEncoder().encodeToString(bytes)
        : String.valueOf(value);
  }

  private String text(Row row, List<Integer> columns) {
    StringJoiner text = new StringJoiner(", ");
    boolean any = false;
    for (int column : columns) {
      Object value = row.value(source(column));
      any |= value != null;
      text.add(text(value));
    }
    return any ? text.toString() : null;
  }

  private String firstMissing(List<Integer> columns) {
    for (int column : columns) {
      if (assembler.missing(column)) {
        return source(column);
      }
    }
    return "";
  }

  private String source(int column) {
    return layout.columns().get(column).source();
  }
}
