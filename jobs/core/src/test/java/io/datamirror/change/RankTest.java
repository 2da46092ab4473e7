package io.datamirror.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.testing.Cell;
import io.datamirror.change.testing.Cells;
import io.datamirror.change.testing.RecordedRow;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RankTest {

  /** A change as the law's text speaks of it; {@code order} is null where the source gives none. */
  record Change(List<Cell> version, Cell order, Operation operation, String payload) {}

  record Pair(Tie tie, Change left, Change right) {}

  @Provide
  Arbitrary<Pair> pairs() {
    Arbitrary<List<ColumnType>> versions =
        Cells.types().filter(ColumnType::ordered).list().ofMinSize(1).ofMaxSize(3);
    Arbitrary<ColumnType> order = Cells.types().filter(ColumnType::ordered).injectNull(0.4);
    return Combinators.combine(versions, order, Arbitraries.of(Tie.class))
        .flatAs((version, orderType, tie) -> pairs(version, orderType, tie));
  }

  private static Arbitrary<Pair> pairs(List<ColumnType> version, ColumnType order, Tie tie) {
    return Combinators.combine(
            change(version, order),
            change(version, order),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(
            (left, right, sameVersion, sameOrder) ->
                new Pair(
                    tie,
                    left,
                    new Change(
                        sameVersion ? left.version() : right.version(),
                        sameOrder ? left.order() : right.order(),
                        right.operation(),
                        right.payload())));
  }

  private static Arbitrary<Change> change(List<ColumnType> version, ColumnType order) {
    Arbitrary<List<Cell>> versions =
        Combinators.combine(version.stream().map(Cells::presentOf).toList()).as(cells -> cells);
    Arbitrary<Cell> orders = order == null ? Arbitraries.just(null) : Cells.of(order);
    Arbitrary<String> payloads = Arbitraries.of("a", "b", "c");
    return Combinators.combine(versions, orders, Arbitraries.of(Operation.class), payloads)
        .as(Change::new);
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void ranks_compare_as_the_law_says(@ForAll("pairs") Pair pair) {
    byte[] left = rank(pair.left(), pair.tie());
    byte[] right = rank(pair.right(), pair.tie());
    assertThat(Integer.signum(Rank.compare(left, right)))
        .isEqualTo(law(pair, Rank.contentHash(left), Rank.contentHash(right)));
    assertThat(Integer.signum(Rank.compare(right, left)))
        .isEqualTo(-Integer.signum(Rank.compare(left, right)));
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void only_upserts_of_one_version_and_order_with_other_content_conflict(
      @ForAll("pairs") Pair pair) {
    byte[] left = rank(pair.left(), pair.tie());
    byte[] right = rank(pair.right(), pair.tie());
    boolean expected =
        pair.left().operation() == Operation.UPSERT
            && pair.right().operation() == Operation.UPSERT
            && compareVersions(pair.left(), pair.right()) == 0
            && compareOrders(pair.left(), pair.right()) == 0
            && Rank.contentHash(left) != Rank.contentHash(right);
    assertThat(Rank.conflicting(left, right)).isEqualTo(expected);
  }

  @Test
  void a_rank_is_version_order_operation_and_hash() {
    Cell version = new Cell(ColumnType.of(Kind.INT), 3);
    Cell order = new Cell(ColumnType.of(Kind.LONG), 9L);
    byte[] delete =
        rank(new Change(List.of(version), order, Operation.DELETE, "a"), Tie.DELETE_WINS);
    assertThat(HexFormat.of().formatHex(delete))
        .isEqualTo("0180000003" + "018000000000000009" + "02" + "0000000000000000");
    byte[] upsert =
        rank(new Change(List.of(version), null, Operation.UPSERT, "a"), Tie.DELETE_WINS);
    assertThat(HexFormat.of().formatHex(upsert)).startsWith("0180000003" + "00" + "01").hasSize(30);
  }

  @Test
  void the_tie_rule_decides_between_a_delete_and_an_upsert_of_one_version_and_order() {
    Cell version = new Cell(ColumnType.of(Kind.INT), 3);
    Change delete = new Change(List.of(version), null, Operation.DELETE, "a");
    Change upsert = new Change(List.of(version), null, Operation.UPSERT, "a");
    assertThat(Rank.compare(rank(delete, Tie.DELETE_WINS), rank(upsert, Tie.DELETE_WINS)))
        .isPositive();
    assertThat(Rank.compare(rank(delete, Tie.UPSERT_WINS), rank(upsert, Tie.UPSERT_WINS)))
        .isNegative();
  }

  /** The law, step by step. */
  private static int law(Pair pair, long leftHash, long rightHash) {
    Change left = pair.left();
    Change right = pair.right();
    if (compareVersions(left, right) != 0) {
      return compareVersions(left, right);
    }
    if (compareOrders(left, right) != 0) {
      return compareOrders(left, right);
    }
    if (left.operation() != right.operation()) {
      Operation winner = pair.tie() == Tie.DELETE_WINS ? Operation.DELETE : Operation.UPSERT;
      return left.operation() == winner ? 1 : -1;
    }
    return left.operation() == Operation.DELETE
        ? 0
        : Integer.signum(Long.compareUnsigned(leftHash, rightHash));
  }

  private static int compareVersions(Change left, Change right) {
    for (int i = 0; i < left.version().size(); i++) {
      int comparison = left.version().get(i).compareTo(right.version().get(i));
      if (comparison != 0) {
        return Integer.signum(comparison);
      }
    }
    return 0;
  }

  private static int compareOrders(Change left, Change right) {
    return left.order() == null ? 0 : Integer.signum(left.order().compareTo(right.order()));
  }

  private static byte[] rank(Change change, Tie tie) {
    List<Column> columns = new ArrayList<>();
    List<Integer> version = new ArrayList<>();
    columns.add(column("payload", ColumnType.of(Kind.STRING)));
    for (Cell cell : change.version()) {
      version.add(columns.size());
      columns.add(column("v" + columns.size(), cell.type()));
    }
    int order = change.order() == null ? -1 : columns.size();
    if (order >= 0) {
      columns.add(column("o", change.order().type()));
    }
    ChangeLayout layout = new ChangeLayout("t", columns, List.of(), version, order, -1, tie);
    ChangeAssembler assembler = new ChangeAssembler(layout, new RecordedRow(columns.size()));
    assembler.reset();
    new Cell(ColumnType.of(Kind.STRING), change.payload()).write(assembler, 0);
    for (int i = 0; i < version.size(); i++) {
      change.version().get(i).write(assembler, version.get(i));
    }
    if (order >= 0) {
      change.order().write(assembler, order);
    }
    return assembler.rank(change.operation());
  }

  private static Column column(String name, ColumnType type) {
    return new Column(name, name, type, false);
  }
}
