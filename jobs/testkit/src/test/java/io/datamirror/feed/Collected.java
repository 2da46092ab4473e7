package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.Column;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps all that a feed delivers, in a form that tests can compare. */
final class Collected implements ChangeSink {

  /** One change: its operation, the values written, its rank and time. */
  record Change(Operation operation, Map<String, Object> row, String rank, long timeMillis) {}

  private final List<Column> columns;
  private final List<Change> changes = new ArrayList<>();
  private final List<LedgerEntry> rejected = new ArrayList<>();
  private final Row row = new Row();

  Collected(ChangeLayout layout) {
    this.columns = layout.storedColumns();
  }

  List<Change> changes() {
    return changes;
  }

  List<LedgerEntry> rejected() {
    return rejected;
  }

  int size() {
    return changes.size() + rejected.size();
  }

  List<Map<String, Object>> rows() {
    return changes.stream().map(Change::row).toList();
  }

  /** The values of one column, in the order of delivery. */
  List<Object> values(String column) {
    return changes.stream().map(change -> change.row().get(column)).toList();
  }

  @Override
  public RowWriter row() {
    return row;
  }

  @Override
  public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
    changes.add(
        new Change(
            operation,
            new LinkedHashMap<>(row.values),
            key.toString() + HexFormat.of().formatHex(rank),
            timeMillis));
  }

  @Override
  public void reject(LedgerEntry entry) {
    rejected.add(entry);
  }

  private final class Row implements RowWriter {
    private final Map<String, Object> values = new LinkedHashMap<>();

    private void put(int column, Object value) {
      values.put(columns.get(column).name(), value);
    }

    @Override
    public void reset() {
      values.clear();
    }

    @Override
    public void writeNull(int column) {
      put(column, null);
    }

    @Override
    public void writeBoolean(int column, boolean value) {
      put(column, value);
    }

    @Override
    public void writeInt(int column, int value) {
      put(column, value);
    }

    @Override
    public void writeLong(int column, long value) {
      put(column, value);
    }

    @Override
    public void writeFloat(int column, float value) {
      put(column, value);
    }

    @Override
    public void writeDouble(int column, double value) {
      put(column, value);
    }

    @Override
    public void writeDecimal(int column, BigDecimal value) {
      put(column, value);
    }

    @Override
    public void writeBytes(int column, byte[] bytes, int offset, int length) {
      boolean text =
          switch (columns.get(column).type().kind()) {
            case STRING -> true;
            case BOOLEAN,
                INT,
                LONG,
                FLOAT,
                DOUBLE,
                DECIMAL,
                DATE,
                TIME,
                TIMESTAMP,
                TIMESTAMP_WITH_ZONE,
                BINARY ->
                false;
          };
      put(
          column,
          text
              ? new String(bytes, offset, length, StandardCharsets.UTF_8)
              : HexFormat.of().formatHex(bytes, offset, offset + length));
    }
  }
}
