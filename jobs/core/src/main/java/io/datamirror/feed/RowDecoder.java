package io.datamirror.feed;

import static java.util.Comparator.reverseOrder;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.sql.SqlErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Makes of each row a change, or an entry of the ledger that says why it is none. Wrong data never
 * throws; only a driver that fails does.
 *
 * <p>Of a delete only key, version, order and time are read: the rest of its row means nothing.
 */
final class RowDecoder {

  private static final long DIGEST_FACTOR = 0x9E3779B97F4A7C15L;

  private final RowPlan plan;
  private final ChangeLayout layout;
  private final RowText text;
  private final boolean rawOperation;
  private final Operation[] letters;
  private final ColumnDecoder[] decoders;
  private final boolean[] lawColumns;
  private final ChangeSink sink;
  private final ChangeAssembler assembler;

  private Operation operation;
  private KeyId key;
  private byte[] rank;
  private long timeMillis;
  private LedgerEntry refused;

  /**
   * @param formats in which form the columns come
   */
  RowDecoder(RowPlan plan, WireFormats formats, ChangeSink sink) {
    this.plan = plan;
    this.layout = plan.layout();
    this.text = new RowText(plan);
    this.rawOperation = formats.at(text.operationIndex()) == WireFormats.Format.TEXT;
    this.letters = letters(plan);
    this.sink = sink;
    this.assembler = new ChangeAssembler(layout, sink.row());
    this.decoders = new ColumnDecoder[layout.columns().size()];
    this.lawColumns = new boolean[decoders.length];
    for (int i = 0; i < decoders.length; i++) {
      Reading reading = plan.columns().get(i);
      decoders[i] =
          reading == null
              ? constant(plan.constants().get(i))
              : Decoders.of(reading, layout.columns().get(i).type(), formats.at(text.index(i)));
      lawColumns[i] =
          layout.key().contains(i)
              || layout.version().contains(i)
              || layout.order() == i
              || layout.time() == i;
    }
  }

  /** Null if there is none. */
  private static ColumnDecoder constant(Long value) {
    return value == null ? null : (row, index, to, column) -> to.writeLong(column, value);
  }

  /** Whether changes go to {@code other}. */
  boolean serves(ChangeSink other) {
    return sink == other;
  }

  /** Reads the row; {@link #deliver} hands over what became of it. */
  void decode(ResultSet row) throws SQLException {
    refused = null;
    assembler.reset();
    operation = operation(row);
    if (operation == null) {
      refuse(row, LedgerReason.UNKNOWN_OPERATION, unknownOperation());
      return;
    }
    if (!readColumns(row)) {
      return;
    }
    if (plan.time() == RowPlan.TimeNeed.REQUIRED && assembler.missing(layout.time())) {
      refuse(row, LedgerReason.NULL_TIME, name(layout.time()) + " is null");
    } else if (assembler.keyMissing()) {
      refuse(row, LedgerReason.NULL_KEY, firstMissing(layout.key()) + " is null");
    } else if (assembler.versionMissing()) {
      refuse(row, LedgerReason.NULL_VERSION, firstMissing(layout.version()) + " is null");
    } else {
      key = assembler.key();
      rank = assembler.rank(operation);
      timeMillis = assembler.timeMillis();
    }
  }

  /** What the row that was decoded last asks for, refused or not; null if nobody knows. */
  Operation operation() {
    return operation;
  }

  private Operation operation(ResultSet row) throws SQLException {
    if (text.operationIndex() == 0) {
      return Operation.UPSERT;
    }
    if (rawOperation) {
      Operation known = knownOperation(row.getBytes(text.operationIndex()));
      if (known != null) {
        return known;
      }
    }
    String value = row.getString(text.operationIndex());
    if (value == null) {
      return Operation.UPSERT;
    }
    return plan.operations().get(value.trim().toLowerCase(Locale.ROOT));
  }

  /** The operation that is said in one letter; null when it takes more to know. */
  private Operation knownOperation(byte[] bytes) {
    return bytes != null && bytes.length == 1 && bytes[0] >= 0 ? letters[bytes[0]] : null;
  }

  private static Operation[] letters(RowPlan plan) {
    Operation[] letters = new Operation[Byte.MAX_VALUE + 1];
    // What is trimmed away leaves the empty word.
    Arrays.fill(letters, 0, ' ' + 1, plan.operations().get(""));
    plan.operations()
        .forEach(
            (word, operation) -> {
              char letter = word.length() == 1 ? word.charAt(0) : 0;
              if (letter > ' ' && letter < letters.length && !Character.isUpperCase(letter)) {
                letters[letter] = operation;
                letters[Character.toUpperCase(letter)] = operation;
              }
            });
    return letters;
  }

  private String unknownOperation() {
    List<String> known = plan.operations().keySet().stream().sorted(reverseOrder()).toList();
    return known.size() == 2
        ? "the operation is neither " + known.get(0) + " nor " + known.get(1)
        : "the operation is none of " + String.join(", ", known);
  }

  private boolean readColumns(ResultSet row) throws SQLException {
    for (int i = 0; i < decoders.length; i++) {
      if (decoders[i] == null || (operation == Operation.DELETE && !lawColumns[i])) {
        assembler.writeNull(i);
        continue;
      }
      String problem = problem(row, i);
      if (problem != null) {
        refuse(row, LedgerReason.BAD_VALUE, name(i) + ": " + problem);
        return false;
      }
    }
    return true;
  }

  private String problem(ResultSet row, int column) throws SQLException {
    try {
      decoders[column].decode(row, text.index(column), assembler, column);
      return null;
    } catch (BadValue e) {
      return e.getMessage();
    } catch (SQLException e) {
      if (SqlErrors.aboutData(e)) {
        return "it cannot be read as " + layout.columns().get(column).type();
      }
      throw e;
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return "it cannot be read as " + layout.columns().get(column).type();
    }
  }

  private void refuse(ResultSet row, LedgerReason reason, String error) throws SQLException {
    refused =
        new LedgerEntry(
            layout.table(),
            reason,
            text.object(row, layout.key()),
            text.text(row, layout.version()),
            layout.order() < 0 ? null : text.text(row, List.of(layout.order())),
            assembler.timeMillis() == Long.MIN_VALUE ? null : assembler.timeMillis(),
            text.row(row),
            error);
  }

  private String firstMissing(List<Integer> columns) {
    for (int column : columns) {
      if (assembler.missing(column)) {
        return name(column);
      }
    }
    return "";
  }

  private String name(int column) {
    return layout.columns().get(column).source();
  }

  /** Tells the rows that were decoded apart: equal for rows that ask for the same. */
  long digest() {
    return refused != null ? digest(refused) : mix(digest(rank.length), timeMillis);
  }

  /**
   * The same by key, version and order alone, whatever columns come and go before them, and
   * whatever else a spec comes to say.
   */
  long lawDigest() {
    return refused != null ? digest(refused) : digest(rank.length - Rank.TAIL_BYTES);
  }

  private long digest(int rankBytes) {
    long digest = mix(key.high(), key.low());
    for (int i = 0; i < rankBytes; i++) {
      digest = mix(digest, rank[i]);
    }
    return digest;
  }

  private static long digest(LedgerEntry refused) {
    return mix(digest(refused.reason().text()), digest(refused.row()));
  }

  private static long digest(String value) {
    long digest = value.length();
    for (int i = 0; i < value.length(); i++) {
      digest = mix(digest, value.charAt(i));
    }
    return digest;
  }

  private static long mix(long digest, long value) {
    long mixed = (digest ^ value) * DIGEST_FACTOR;
    return mixed ^ mixed >>> 29;
  }

  /** Hands the row that was decoded last over. */
  void deliver() {
    if (refused == null) {
      sink.change(operation, key, rank, timeMillis);
    } else {
      sink.reject(refused);
    }
  }
}
