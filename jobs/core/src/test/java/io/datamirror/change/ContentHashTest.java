package io.datamirror.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.testing.Cell;
import io.datamirror.change.testing.Cells;
import io.datamirror.change.testing.RecordedRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ContentHashTest {

  @Provide
  Arbitrary<List<Cell>> rows() {
    return Cells.types()
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .flatMap(
            types -> Combinators.combine(types.stream().map(Cells::of).toList()).as(row -> row));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void a_column_added_at_the_end_leaves_the_hash_of_older_rows(@ForAll("rows") List<Cell> row) {
    List<Cell> wider = new ArrayList<>(row);
    wider.add(new Cell(ColumnType.of(Kind.STRING), null));
    wider.add(new Cell(ColumnType.of(Kind.LONG), null));
    assertThat(hash(wider)).isEqualTo(hash(row));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void a_null_written_and_a_null_left_out_are_the_same(@ForAll("rows") List<Cell> row) {
    assertThat(hash(row, true)).isEqualTo(hash(row, false));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void what_is_not_null_changes_the_hash(@ForAll("rows") List<Cell> row) {
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i).value() != null) {
        List<Cell> other = new ArrayList<>(row);
        other.set(i, new Cell(row.get(i).type(), null));
        assertThat(hash(other)).isNotEqualTo(hash(row));
      }
    }
  }

  @Test
  void a_value_in_another_column_is_another_row() {
    Cell text = new Cell(ColumnType.of(Kind.STRING), "x");
    Cell none = new Cell(ColumnType.of(Kind.STRING), null);
    assertThat(hash(List.of(text, none))).isNotEqualTo(hash(List.of(none, text)));
  }

  @Test
  void the_border_between_two_texts_counts() {
    assertThat(hash(texts("ab", "c"))).isNotEqualTo(hash(texts("a", "bc")));
    assertThat(hash(texts("", "abc"))).isNotEqualTo(hash(texts("abc", "")));
  }

  @Test
  void a_hundred_thousand_rows_have_as_many_hashes() {
    Set<Long> hashes = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      hashes.add(hash(List.of(new Cell(ColumnType.of(Kind.INT), i % 317), texts("" + i).get(0))));
    }
    assertThat(hashes).hasSize(100_000);
  }

  @Test
  void the_hash_of_a_row_stays_what_it_is() {
    ContentHash hash = new ContentHash();
    assertThat(hash.value()).isEqualTo(0x2D06800538D394C2L);
    hash.addLong(0, 42);
    hash.addBytes(1, new byte[] {9, 1, 2}, 1, 2);
    hash.addDecimal(3, new BigDecimal("12.50"));
    assertThat(hash.value()).isEqualTo(0x3753329FDBDF7C09L);
    hash.clear();
    assertThat(hash.value()).isEqualTo(0x2D06800538D394C2L);
  }

  private static List<Cell> texts(String... values) {
    List<Cell> cells = new ArrayList<>();
    for (String value : values) {
      cells.add(new Cell(ColumnType.of(Kind.STRING), value));
    }
    return cells;
  }

  private static long hash(List<Cell> row) {
    return hash(row, true);
  }

  /** The hash that a row gets when it is assembled: all its columns are stored. */
  private static long hash(List<Cell> row, boolean writeNulls) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      columns.add(new Column("c" + i, "c" + i, row.get(i).type(), false));
    }
    ChangeLayout layout =
        new ChangeLayout("t", columns, List.of(), List.of(), -1, -1, ChangeLayout.Tie.DELETE_WINS);
    ChangeAssembler assembler = new ChangeAssembler(layout, new RecordedRow(row.size()));
    assembler.reset();
    for (int i = 0; i < row.size(); i++) {
      if (writeNulls || row.get(i).value() != null) {
        row.get(i).write(assembler, i);
      }
    }
    return Rank.contentHash(assembler.rank(Operation.UPSERT));
  }
}
