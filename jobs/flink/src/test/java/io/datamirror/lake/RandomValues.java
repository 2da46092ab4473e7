package io.datamirror.lake;

import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Values of every type, the extreme ones often. */
final class RandomValues {

  private static final String[] TEXTS = {"", "a", "ä", "\u6771\u4eac", "\ud83d\ude00", "a\u0000b"};
  private static final long MICROS_OF_DAY = 86_400_000_000L;

  private final Random random;

  RandomValues(Random random) {
    this.random = random;
  }

  void write(RowWriter row, int column, ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN -> row.writeBoolean(column, random.nextBoolean());
      case INT -> row.writeInt(column, integer());
      case LONG -> row.writeLong(column, number());
      case FLOAT -> row.writeFloat(column, Float.intBitsToFloat(random.nextInt()));
      case DOUBLE -> row.writeDouble(column, Double.longBitsToDouble(random.nextLong()));
      case DECIMAL -> row.writeDecimal(column, decimal(type));
      case DATE -> row.writeInt(column, random.nextInt(40_000) - 20_000);
      case TIME -> row.writeLong(column, Math.floorMod(random.nextLong(), MICROS_OF_DAY));
      case TIMESTAMP, TIMESTAMP_WITH_ZONE ->
          row.writeLong(column, random.nextLong() % 4_000_000_000_000_000L);
      case STRING -> writeBytes(row, column, text().getBytes(StandardCharsets.UTF_8));
      case BINARY -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        writeBytes(row, column, bytes);
      }
    }
  }

  private int integer() {
    return switch (random.nextInt(6)) {
      case 0 -> Integer.MIN_VALUE;
      case 1 -> Integer.MAX_VALUE;
      case 2 -> 0;
      default -> random.nextInt();
    };
  }

  private long number() {
    return switch (random.nextInt(6)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> -1;
      default -> random.nextLong();
    };
  }

  private BigDecimal decimal(ColumnType type) {
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    BigInteger unscaled = new BigInteger(1 + random.nextInt(limit.bitLength()), random).mod(limit);
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
  }

  private String text() {
    String text = TEXTS[random.nextInt(TEXTS.length)];
    return random.nextInt(5) == 0 ? text.repeat(random.nextInt(40)) : text + random.nextInt(1_000);
  }

  private static void writeBytes(RowWriter row, int column, byte[] bytes) {
    row.writeBytes(column, bytes, 0, bytes.length);
  }
}
