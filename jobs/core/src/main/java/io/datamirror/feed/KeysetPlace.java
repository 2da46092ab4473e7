package io.datamirror.feed;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where a reader stands: the keyset values of the row that it read last. */
final class KeysetPlace {

  private final Keyset keyset;
  private final List<Slot> slots = new ArrayList<>();
  private String start;
  private String text;

  /**
   * @param firstIndex the place of the first column in the rows, from 1
   * @param text where to start; empty for before the first row
   */
  KeysetPlace(Keyset keyset, int firstIndex, String text) {
    this.keyset = keyset;
    this.start = text;
    this.text = text;
    for (int i = 0; i < keyset.columns().size(); i++) {
      slots.add(slot(keyset.columns().get(i).kind(), firstIndex + i));
    }
  }

  /** Moves to the row; returns whether its values differ from those of the row before. */
  boolean advance(ResultSet row) throws SQLException {
    boolean changed = false;
    for (int i = 0; i < slots.size(); i++) {
      changed |= slots.get(i).read(row);
    }
    if (!changed) {
      return false;
    }
    text = null;
    if (start.isEmpty()) {
      return true;
    }
    // The first row may be at the very place where the reading starts.
    String before = start;
    start = "";
    return !text().equals(before);
  }

  /** The values as one text; empty before the first row. */
  String text() {
    if (text == null) {
      text = keyset.join(slots.stream().map(Slot::text).toList());
    }
    return text;
  }

  private static Slot slot(KeysetColumn.Kind kind, int index) {
    return switch (kind) {
      case LONG -> new LongSlot(index);
      case DECIMAL, TIMESTAMP, TICKS, TIMESTAMP_WITH_ZONE, TEXT, OPAQUE, TRANSACTION ->
          new ObjectSlot(kind, index);
    };
  }

  private interface Slot {
    /** Takes the value of the row; returns whether it is another one. */
    boolean read(ResultSet row) throws SQLException;

    String text();
  }

  private static final class LongSlot implements Slot {
    private final int index;
    private boolean any;
    private boolean missing;
    private long value;

    LongSlot(int index) {
      this.index = index;
    }

    @Override
    public boolean read(ResultSet row) throws SQLException {
      long next = row.getLong(index);
      boolean nextMissing = next == 0 && row.wasNull();
      boolean changed = !any || next != value || nextMissing != missing;
      any = true;
      value = next;
      missing = nextMissing;
      return changed;
    }

    @Override
    public String text() {
      return missing ? "" : Long.toString(value);
    }
  }

  private static final class ObjectSlot implements Slot {
    private final KeysetColumn.Kind kind;
    private final int index;
    private boolean any;
    private Object value;

    ObjectSlot(KeysetColumn.Kind kind, int index) {
      this.kind = kind;
      this.index = index;
    }

    @Override
    public boolean read(ResultSet row) throws SQLException {
      Object next = value(row);
      boolean changed = !any || !Objects.equals(next, value);
      any = true;
      value = next;
      return changed;
    }

    private Object value(ResultSet row) throws SQLException {
      return switch (kind) {
        case DECIMAL -> plain(row.getBigDecimal(index));
        case TIMESTAMP, TICKS -> row.getObject(index, LocalDateTime.class);
        case TIMESTAMP_WITH_ZONE -> utc(row.getObject(index, OffsetDateTime.class));
        case LONG, TEXT, OPAQUE, TRANSACTION -> row.getString(index);
      };
    }

    @Override
    public String text() {
      if (value == null) {
        return "";
      }
      return switch (kind) {
        case DECIMAL -> ((BigDecimal) value).toPlainString();
        case TEXT, OPAQUE -> KeysetColumn.marked((String) value);
        case LONG, TIMESTAMP, TICKS, TIMESTAMP_WITH_ZONE, TRANSACTION -> value.toString();
      };
    }

    /** One form for each number, so that equal numbers are equal objects. */
    private static BigDecimal plain(BigDecimal number) {
      if (number == null) {
        return null;
      }
      return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    private static OffsetDateTime utc(OffsetDateTime value) {
      if (value == null) {
        return null;
      }
      try {
        return value.withOffsetSameInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        // The driver's word for infinity: it has no other offset.
        return value;
      }
    }
  }
}
