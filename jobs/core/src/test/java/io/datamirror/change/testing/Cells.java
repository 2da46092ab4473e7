package io.datamirror.change.testing;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Arbitrary columns and values, with the edges where encodings break. */
public final class Cells {

  private static final long DAY_MILLIS = 86_400_000L;

  private Cells() {}

  /** Every type, decimals of some precisions. */
  public static Arbitrary<ColumnType> types() {
    Arbitrary<ColumnType> plain =
        Arbitraries.of(Kind.class).filter(kind -> kind != Kind.DECIMAL).map(ColumnType::of);
    return Arbitraries.frequencyOf(Tuple.of(9, plain), Tuple.of(1, decimals()));
  }

  private static Arbitrary<ColumnType> decimals() {
    return Arbitraries.of(
        ColumnType.decimal(1, 0),
        ColumnType.decimal(9, 2),
        ColumnType.decimal(18, 18),
        ColumnType.decimal(38, 0),
        ColumnType.decimal(38, 37));
  }

  /** Values of {@code type}, null now and then. */
  public static Arbitrary<Cell> of(ColumnType type) {
    return present(type).injectNull(0.1).map(value -> new Cell(type, value));
  }

  /** Values of {@code type}, never null. */
  public static Arbitrary<Cell> presentOf(ColumnType type) {
    return present(type).map(value -> new Cell(type, value));
  }

  private static Arbitrary<Object> present(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Arbitraries.of(true, false).map(Object.class::cast);
      case INT, DATE -> integers().map(Object.class::cast);
      case LONG, TIMESTAMP, TIMESTAMP_WITH_ZONE -> longs().map(Object.class::cast);
      case TIME -> times().map(Object.class::cast);
      case FLOAT -> floats().map(Object.class::cast);
      case DOUBLE -> doubles().map(Object.class::cast);
      case DECIMAL -> decimals(type).map(Object.class::cast);
      case STRING -> texts().map(Object.class::cast);
      case BINARY -> Arbitraries.bytes().array(byte[].class).ofMaxSize(20).map(Object.class::cast);
    };
  }

  private static Arbitrary<Integer> integers() {
    return Arbitraries.oneOf(
        Arbitraries.integers(), Arbitraries.of(Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE));
  }

  private static Arbitrary<Long> longs() {
    return Arbitraries.oneOf(
        Arbitraries.longs(), Arbitraries.of(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE));
  }

  /** To the millisecond: what is finer is cut off, which has a test of its own. */
  private static Arbitrary<Long> times() {
    return Arbitraries.longs().between(0, DAY_MILLIS - 1).map(millis -> millis * 1_000);
  }

  private static Arbitrary<Double> doubles() {
    return Arbitraries.oneOf(
        Arbitraries.doubles(),
        Arbitraries.longs().map(Double::longBitsToDouble),
        Arbitraries.of(
            0.0,
            -0.0,
            Double.NaN,
            Double.longBitsToDouble(0xFFF8000000000001L),
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MAX_VALUE));
  }

  private static Arbitrary<Float> floats() {
    return Arbitraries.oneOf(
        Arbitraries.integers().map(Float::intBitsToFloat),
        Arbitraries.of(0.0f, -0.0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY));
  }

  private static Arbitrary<BigDecimal> decimals(ColumnType type) {
    BigInteger most = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
    return Arbitraries.bigIntegers()
        .between(most.negate(), most)
        .map(unscaled -> new BigDecimal(unscaled, type.scale()));
  }

  /** Texts that are often prefixes of each other and hold NUL and code points beyond 16 bits. */
  private static Arbitrary<String> texts() {
    Arbitrary<String> few =
        Arbitraries.of("\0", "\1", "a", "b", "\u00FF", "\uE000", "\uFFFF", "\uD83D\uDE00")
            .list()
            .ofMaxSize(4)
            .map(parts -> String.join("", parts));
    Arbitrary<String> many =
        Arbitraries.strings()
            .withCharRange('\0', '\uD7FF')
            .withCharRange('\uE000', '\uFFFF')
            .ofMaxLength(12);
    return Arbitraries.oneOf(few, many);
  }
}
