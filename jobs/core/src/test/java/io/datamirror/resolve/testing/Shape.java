package io.datamirror.resolve.testing;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.Operation;
import io.datamirror.change.testing.RecordedRow;
import io.datamirror.resolve.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A table of the tests, and how what is said of it becomes changes. */
public final class Shape {

  /** What a table may have besides a key, a version, a region and a payload. */
  public enum Trait {
    /** A column orders changes of equal version. */
    ORDERED,
    /** The version is read but not stored, so that a new version may change nothing. */
    VERSION_NOT_STORED,
    /** The time is part of the key. */
    TIME_IN_KEY,
    /** Keys are longer than what is kept exactly. */
    LONG_KEYS,
    /** Rows stand in the partition of their region, which is no part of the key. */
    PARTITIONED
  }

  private static final int ID = 0;
  private static final int TIME = 1;
  private static final int VERSION = 2;
  private static final int ORDER = 3;
  private static final int REGION = 4;
  private static final int PAYLOAD = 5;

  private final ChangeLayout layout;
  private final int table;
  private final Set<Trait> traits;
  private final RecordedRow row;
  private final ChangeAssembler assembler;

  public Shape(String name, Tie tie, Set<Trait> traits) {
    this.traits = traits.isEmpty() ? EnumSet.noneOf(Trait.class) : EnumSet.copyOf(traits);
    this.layout =
        new ChangeLayout(
            name,
            columns(),
            has(Trait.TIME_IN_KEY) ? List.of(ID, TIME) : List.of(ID),
            List.of(VERSION),
            has(Trait.ORDERED) ? ORDER : -1,
            TIME,
            tie);
    this.table = layout.tableNumber();
    this.row = new RecordedRow(layout.storedColumns().size());
    this.assembler = new ChangeAssembler(layout, row);
  }

  private List<Column> columns() {
    Kind id = has(Trait.LONG_KEYS) ? Kind.STRING : Kind.LONG;
    String version = has(Trait.VERSION_NOT_STORED) ? null : "version";
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("ID", "id", ColumnType.of(id), true));
    columns.add(new Column("AT", storedTime(), ColumnType.of(Kind.TIMESTAMP), false));
    columns.add(new Column("VERSION", version, ColumnType.of(Kind.LONG), false));
    columns.add(new Column("SEQUENCE", orderName(), ColumnType.of(Kind.LONG), false));
    columns.add(new Column("REGION", "region", ColumnType.of(Kind.STRING), false));
    columns.add(new Column("PAYLOAD", "payload", ColumnType.of(Kind.STRING), false));
    return columns;
  }

  private String storedTime() {
    return has(Trait.VERSION_NOT_STORED) && !has(Trait.TIME_IN_KEY) ? null : "at";
  }

  private String orderName() {
    return has(Trait.ORDERED) && !has(Trait.VERSION_NOT_STORED) ? "sequence" : null;
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Another table that is like this one. */
  public Shape named(String name) {
    return new Shape(name, layout.tie(), traits);
  }

  public ChangeLayout layout() {
    return layout;
  }

  public int table() {
    return table;
  }

  /** Encodes a change by the product's own classes. */
  public Assembled assemble(Said said) {
    assembler.reset();
    writeKey(said);
    assembler.writeLong(VERSION, said.version());
    if (said.order() != null && has(Trait.ORDERED)) {
      assembler.writeLong(ORDER, said.order());
    }
    if (said.operation() == Operation.UPSERT) {
      write(REGION, said.region());
      write(PAYLOAD, said.payload());
    }
    String region = said.operation() == Operation.UPSERT ? said.region() : null;
    Row written = new Row(assembler.key(), row.values(), region, said.serial());
    byte[] rank = assembler.rank(said.operation());
    return new Assembled(
        said, written.key(), said.operation(), rank, assembler.timeMillis(), written);
  }

  /**
   * The rank of a row that was read back from its table, and its time: what a start without state
   * knows of a key. The row holds all columns that make up its rank.
   */
  public Memory memoryOf(Row stored, byte[] partition) {
    assembler.reset();
    int next = 0;
    for (int column = 0; column < layout.columns().size(); column++) {
      if (layout.columns().get(column).stored()) {
        writeAgain(column, stored.stored().get(next++));
      }
    }
    return Memory.present(assembler.rank(Operation.UPSERT), partition, assembler.timeMillis());
  }

  private void writeAgain(int column, Object value) {
    if (value instanceof Long number) {
      assembler.writeLong(column, number);
    } else if (value instanceof List<?> text) {
      byte[] bytes = new byte[text.size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) text.get(i);
      }
      assembler.writeBytes(column, bytes, 0, bytes.length);
    } else {
      assembler.writeNull(column);
    }
  }

  private void writeKey(Said said) {
    if (has(Trait.LONG_KEYS)) {
      write(ID, "a key of more than fifteen bytes, number " + said.key());
    } else {
      assembler.writeLong(ID, said.key());
    }
    assembler.writeLong(TIME, said.timeMillis() * 1_000);
  }

  private void write(int column, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assembler.writeBytes(column, bytes, 0, bytes.length);
  }

  @Override
  public String toString() {
    return layout.table() + " " + layout.tie() + " " + traits;
  }
}
