package io.datamirror.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.testing.Cell;
import io.datamirror.change.testing.Cells;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderedBytesTest {

  /** Two rows of the same columns. */
  record Rows(List<Cell> left, List<Cell> right) {}

  @Provide
  Arbitrary<Rows> twoCells() {
    return Cells.types()
        .flatMap(
            type ->
                Combinators.combine(Cells.of(type), Cells.of(type))
                    .as((left, right) -> new Rows(List.of(left), List.of(right))));
  }

  @Provide
  Arbitrary<Rows> twoRows() {
    return Cells.types()
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .flatMap(
            types ->
                Combinators.combine(row(types), row(types))
                    .as((left, right) -> new Rows(left, startLike(left, right))));
  }

  private static Arbitrary<List<Cell>> row(List<ColumnType> types) {
    return Combinators.combine(types.stream().map(Cells::of).toList()).as(cells -> cells);
  }

  /** Half of the columns the same, so that later ones decide too. */
  private static List<Cell> startLike(List<Cell> left, List<Cell> right) {
    Cell[] cells = right.toArray(Cell[]::new);
    for (int i = 0; i < cells.length / 2; i++) {
      cells[i] = left.get(i);
    }
    return List.of(cells);
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void the_order_of_the_bytes_is_the_order_of_the_values(@ForAll("twoCells") Rows rows) {
    assertThat(compareBytes(rows)).isEqualTo(compareValues(rows));
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void columns_compare_one_after_the_other(@ForAll("twoRows") Rows rows) {
    assertThat(compareBytes(rows)).isEqualTo(compareValues(rows));
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void no_encoding_is_the_beginning_of_another(@ForAll("twoRows") Rows rows) {
    byte[] left = encode(rows.left());
    byte[] right = encode(rows.right());
    int common = Math.min(left.length, right.length);
    boolean beginning = Arrays.equals(left, 0, common, right, 0, common);
    assertThat(beginning).isEqualTo(rows.left().equals(rows.right()));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void null_is_less_than_the_least_value(Kind kind) {
    ColumnType type = kind == Kind.DECIMAL ? ColumnType.decimal(38, 0) : ColumnType.of(kind);
    Object least =
        switch (kind) {
          case BOOLEAN -> false;
          case INT, DATE -> Integer.MIN_VALUE;
          case LONG, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE -> Long.MIN_VALUE;
          case FLOAT -> Float.NEGATIVE_INFINITY;
          case DOUBLE -> Double.NEGATIVE_INFINITY;
          case DECIMAL -> BigDecimal.TEN.pow(38).subtract(BigDecimal.ONE).negate();
          case STRING -> "";
          case BINARY -> new byte[0];
        };
    Rows rows = new Rows(List.of(new Cell(type, null)), List.of(new Cell(type, least)));
    assertThat(compareBytes(rows)).isNegative();
  }

  @Test
  void the_two_zeros_are_one_value() {
    assertThat(encode(List.of(real(-0.0)))).isEqualTo(encode(List.of(real(0.0))));
  }

  @Test
  void every_nan_is_one_value_above_infinity() {
    double otherNan = Double.longBitsToDouble(0xFFF8_0000_0000_0001L);
    assertThat(encode(List.of(real(otherNan)))).isEqualTo(encode(List.of(real(Double.NaN))));
    Rows rows = new Rows(List.of(real(Double.NaN)), List.of(real(Double.POSITIVE_INFINITY)));
    assertThat(compareBytes(rows)).isPositive();
  }

  @Test
  void a_text_stands_before_its_extensions_also_by_nul() {
    for (List<String> pair :
        List.of(
            List.of("", "\0"),
            List.of("a", "a\0"),
            List.of("a\0", "a\0\0"),
            List.of("a\0", "a\1"),
            List.of("a\0b", "ab"))) {
      Rows rows =
          new Rows(List.of(text(pair.get(0)), text("z")), List.of(text(pair.get(1)), text("a")));
      assertThat(compareBytes(rows)).as("%s", pair).isNegative();
    }
  }

  @Test
  void code_points_beyond_sixteen_bits_stand_after_all_others() {
    Rows rows = new Rows(List.of(text("\uFFFF")), List.of(text("\uD83D\uDE00")));
    assertThat(compareBytes(rows)).isNegative();
  }

  @Test
  void the_encoding_of_each_type_stays_as_it_is() {
    OrderedBytes bytes = new OrderedBytes();
    bytes.writeNull();
    bytes.writeBoolean(true);
    bytes.writeInt(-1);
    bytes.writeLong(1);
    bytes.writeDouble(-1.5);
    bytes.writeDecimal(new BigDecimal("-2.55"));
    byte[] text = "xa\0b".getBytes(StandardCharsets.UTF_8);
    bytes.writeBytes(text, 1, 3);
    assertThat(java.util.HexFormat.of().formatHex(bytes.copy()))
        .isEqualTo(
            "00"
                + "0101"
                + "017fffffff"
                + "018000000000000001"
                + "014007ffffffffffff"
                + "017fffffffffffffffffffffffffffffff01"
                + "016100ff620000");
  }

  private static Cell real(double value) {
    return new Cell(ColumnType.of(Kind.DOUBLE), value);
  }

  private static Cell text(String value) {
    return new Cell(ColumnType.of(Kind.STRING), value);
  }

  private static int compareBytes(Rows rows) {
    return Integer.signum(Arrays.compareUnsigned(encode(rows.left()), encode(rows.right())));
  }

  private static int compareValues(Rows rows) {
    for (int i = 0; i < rows.left().size(); i++) {
      int comparison = Integer.signum(rows.left().get(i).compareTo(rows.right().get(i)));
      if (comparison != 0) {
        return comparison;
      }
    }
    return 0;
  }

  private static byte[] encode(List<Cell> cells) {
    OrderedBytes bytes = new OrderedBytes();
    cells.forEach(cell -> encode(cell, bytes));
    return bytes.copy();
  }

  private static void encode(Cell cell, OrderedBytes bytes) {
    Object value = cell.value();
    if (value == null) {
      bytes.writeNull();
      return;
    }
    switch (cell.type().kind()) {
      case BOOLEAN -> bytes.writeBoolean((boolean) value);
      case INT, DATE -> bytes.writeInt((int) value);
      case LONG, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE -> bytes.writeLong((long) value);
      case FLOAT, DOUBLE -> bytes.writeDouble(((Number) value).doubleValue());
      case DECIMAL -> bytes.writeDecimal((BigDecimal) value);
      case STRING -> writeAll(bytes, ((String) value).getBytes(StandardCharsets.UTF_8));
      case BINARY -> writeAll(bytes, (byte[]) value);
    }
  }

  private static void writeAll(OrderedBytes bytes, byte[] value) {
    bytes.writeBytes(value, 0, value.length);
  }
}
