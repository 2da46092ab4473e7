package io.datamirror.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.testing.Cell;
import io.datamirror.change.testing.Cells;
import io.datamirror.change.testing.RecordedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeAssemblerTest {

  /** Two keys of the same columns, none of them null. */
  record Keys(List<Cell> left, List<Cell> right) {}

  @Provide
  Arbitrary<Keys> keys() {
    return Cells.types()
        .filter(ColumnType::keyable)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .flatMap(types -> Combinators.combine(present(types), present(types)).as(Keys::new));
  }

  @Provide
  Arbitrary<List<Cell>> rows() {
    return Cells.types()
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .flatMap(
            types -> Combinators.combine(types.stream().map(Cells::of).toList()).as(row -> row));
  }

  private static Arbitrary<List<Cell>> present(List<ColumnType> types) {
    return Combinators.combine(types.stream().map(Cells::presentOf).toList()).as(cells -> cells);
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void keys_are_equal_exactly_when_their_values_are(@ForAll("keys") Keys keys) {
    assertThat(key(keys.left()).equals(key(keys.right())))
        .isEqualTo(keys.left().equals(keys.right()));
    assertThat(key(keys.left())).isEqualTo(key(keys.left()));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void the_stored_row_read_back_gives_the_same_key_and_rank(@ForAll("rows") List<Cell> row) {
    ChangeLayout layout = layout(row, List.of(0), List.of(row.size() - 1), -1);
    RecordedRow stored = new RecordedRow(row.size());
    ChangeAssembler first = new ChangeAssembler(layout, stored);
    write(first, row);
    ChangeAssembler second = new ChangeAssembler(layout, new RecordedRow(row.size()));
    second.reset();
    writeAgain(row, stored.values(), second);
    assertThat(second.rank(Operation.UPSERT)).isEqualTo(first.rank(Operation.UPSERT));
    assertThat(second.key()).isEqualTo(first.key());
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void an_assembler_keeps_nothing_of_the_row_before(
      @ForAll("rows") List<Cell> row, @ForAll Operation operation) {
    ChangeLayout layout = layout(row, List.of(0), List.of(row.size() - 1), 0);
    ChangeAssembler used = new ChangeAssembler(layout, new RecordedRow(row.size()));
    write(used, row);
    used.rank(operation);
    List<Cell> nulls = row.stream().map(cell -> new Cell(cell.type(), null)).toList();
    write(used, nulls);
    ChangeAssembler fresh = new ChangeAssembler(layout, new RecordedRow(row.size()));
    write(fresh, nulls);
    assertThat(used.rank(operation)).isEqualTo(fresh.rank(operation));
    assertThat(used.keyMissing()).isTrue();
    assertThat(used.versionMissing()).isTrue();
    assertThat(used.timeMillis()).isEqualTo(Long.MIN_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    "TIMESTAMP, 1999, 1",
    "TIMESTAMP, -1, -1",
    "TIMESTAMP, -1000, -1",
    "TIMESTAMP, -1001, -2",
    "TIMESTAMP_WITH_ZONE, 1700000000123456, 1700000000123",
    "LONG, 1700000000123, 1700000000123",
  })
  void times_become_milliseconds_rounded_down(Kind kind, long value, long millis) {
    assertThat(timeOf(new Cell(ColumnType.of(kind), value))).isEqualTo(millis);
  }

  @Test
  void a_date_is_its_midnight() {
    assertThat(timeOf(new Cell(ColumnType.of(Kind.DATE), -1))).isEqualTo(-86_400_000L);
    assertThat(timeOf(new Cell(ColumnType.of(Kind.DATE), 25_000))).isEqualTo(2_160_000_000_000L);
  }

  @Test
  void a_time_of_day_is_stored_and_hashed_to_the_millisecond() {
    List<Cell> fine = List.of(new Cell(ColumnType.of(Kind.TIME), 1_234_567L));
    List<Cell> coarse = List.of(new Cell(ColumnType.of(Kind.TIME), 1_234_000L));
    ChangeLayout layout = layout(fine, List.of(), List.of(), -1);
    RecordedRow stored = new RecordedRow(1);
    ChangeAssembler assembler = new ChangeAssembler(layout, stored);
    write(assembler, fine);
    byte[] rank = assembler.rank(Operation.UPSERT);
    assertThat(stored.values()).containsExactly(1_234_000L);
    write(assembler, coarse);
    assertThat(assembler.rank(Operation.UPSERT)).isEqualTo(rank);
  }

  @Test
  void a_time_of_day_in_the_key_or_the_version_is_the_one_that_is_stored() {
    List<Cell> fine = List.of(new Cell(ColumnType.of(Kind.TIME), 1_234_567L));
    List<Cell> coarse = List.of(new Cell(ColumnType.of(Kind.TIME), 1_234_000L));
    ChangeLayout layout = layout(fine, List.of(0), List.of(0), -1);
    ChangeAssembler assembler = new ChangeAssembler(layout, new RecordedRow(1));
    write(assembler, fine);
    KeyId key = assembler.key();
    byte[] rank = assembler.rank(Operation.DELETE);
    write(assembler, coarse);
    assertThat(assembler.key()).isEqualTo(key);
    assertThat(assembler.rank(Operation.DELETE)).isEqualTo(rank);
  }

  @Test
  void a_column_without_a_name_is_ranked_but_not_stored() {
    List<Column> columns =
        List.of(
            new Column("ID", "id", ColumnType.of(Kind.INT), true),
            new Column("SEQ", null, ColumnType.of(Kind.LONG), false),
            new Column("NAME", "name", ColumnType.of(Kind.STRING), false));
    ChangeLayout layout =
        new ChangeLayout("t", columns, List.of(0), List.of(1), -1, -1, Tie.DELETE_WINS);
    RecordedRow stored = new RecordedRow(2);
    ChangeAssembler assembler = new ChangeAssembler(layout, stored);
    byte[] lower = assemble(assembler, 5L);
    assertThat(stored.values()).containsExactly(1, List.of((byte) 'x'));
    byte[] higher = assemble(assembler, 6L);
    assertThat(Rank.compare(higher, lower)).isPositive();
    assertThat(Rank.contentHash(higher)).isEqualTo(Rank.contentHash(lower));
    assertThat(layout.storedKey()).containsExactly(0);
    assertThat(layout.storedPositions()).containsExactly(0, -1, 1);
  }

  @Test
  void the_key_of_a_delete_is_that_of_its_upsert_though_it_holds_the_key_only() {
    List<Cell> row =
        List.of(
            new Cell(ColumnType.of(Kind.STRING), "LSZH"), new Cell(ColumnType.of(Kind.INT), 1416));
    ChangeLayout layout = layout(row, List.of(0), List.of(), -1);
    ChangeAssembler assembler = new ChangeAssembler(layout, new RecordedRow(2));
    write(assembler, row);
    KeyId whole = assembler.key();
    assembler.reset();
    row.get(0).write(assembler, 0);
    assertThat(assembler.key()).isEqualTo(whole);
    assertThat(assembler.missing(1)).isTrue();
  }

  private static byte[] assemble(ChangeAssembler assembler, long sequence) {
    assembler.reset();
    assembler.writeInt(0, 1);
    assembler.writeLong(1, sequence);
    assembler.writeBytes(2, new byte[] {'x'}, 0, 1);
    return assembler.rank(Operation.UPSERT);
  }

  private static long timeOf(Cell cell) {
    ChangeLayout layout =
        new ChangeLayout(
            "t",
            List.of(new Column("T", "t", cell.type(), false)),
            List.of(),
            List.of(),
            -1,
            0,
            Tie.DELETE_WINS);
    ChangeAssembler assembler = new ChangeAssembler(layout, new RecordedRow(1));
    write(assembler, List.of(cell));
    return assembler.timeMillis();
  }

  private static KeyId key(List<Cell> key) {
    List<Integer> all = IntStream.range(0, key.size()).boxed().toList();
    ChangeAssembler assembler =
        new ChangeAssembler(layout(key, all, List.of(), -1), new RecordedRow(key.size()));
    write(assembler, key);
    return assembler.key();
  }

  private static ChangeLayout layout(
      List<Cell> row, List<Integer> key, List<Integer> version, int time) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      columns.add(new Column("C" + i, "c" + i, row.get(i).type(), false));
    }
    return new ChangeLayout("t", columns, key, version, -1, time, Tie.DELETE_WINS);
  }

  private static void write(ChangeAssembler assembler, List<Cell> row) {
    assembler.reset();
    for (int i = 0; i < row.size(); i++) {
      row.get(i).write(assembler, i);
    }
  }

  private static void writeAgain(List<Cell> row, List<Object> stored, ChangeAssembler target) {
    for (int i = 0; i < row.size(); i++) {
      if (stored.get(i) instanceof List<?> bytes) {
        byte[] copy = new byte[bytes.size()];
        for (int j = 0; j < copy.length; j++) {
          copy[j] = (byte) bytes.get(j);
        }
        target.writeBytes(i, copy, 0, copy.length);
      } else {
        new Cell(row.get(i).type(), stored.get(i)).write(target, i);
      }
    }
  }
}
