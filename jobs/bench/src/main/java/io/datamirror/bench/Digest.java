package io.datamirror.bench;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What tells whether a table is the right one: how many rows, the sum of their versions, and a hash
 * of all rows that does not care for their order.
 *
 * @param hash the sum of the first 60 bits of the MD5 of each row as text
 */
public record Digest(long rows, BigInteger versions, BigInteger hash) {

  static final Digest NOTHING = new Digest(0, BigInteger.ZERO, BigInteger.ZERO);

  private static final int BITS = 60;

  /** PostgreSQL passes no more than a hundred to a function. */
  private static final int MOST_ARGUMENTS = 50;

  private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();

  /** The digest of the rows of both. */
  Digest and(Digest other) {
    return new Digest(rows + other.rows, versions.add(other.versions), hash.add(other.hash));
  }

  /** The query that digests {@code from}, a table or a query in parentheses. */
  static String query(List<BenchColumn> columns, String from) {
    StringBuilder text = new StringBuilder();
    for (int first = 0; first < columns.size(); first += MOST_ARGUMENTS) {
      int to = Math.min(columns.size(), first + MOST_ARGUMENTS);
      text.append(", concat_ws('|'");
      for (BenchColumn column : columns.subList(first, to)) {
        text.append(", ").append(column.kind().text("\"" + column.name() + "\""));
      }
      text.append(')');
    }
    return "SELECT count(*), coalesce(sum(ver), 0),"
        + " coalesce(sum(('x' || substr(md5(concat_ws('|'"
        + text
        + ")), 1, 15))::bit(60)::bigint::numeric), 0) FROM "
        + from;
  }

  /** Digests rows one by one. */
  public static final class Builder {
    private final List<BenchColumn> columns;
    private final MessageDigest md5 = md5();
    private final StringBuilder text = new StringBuilder();
    private long rows;
    private BigInteger versions = BigInteger.ZERO;
    private BigInteger hash = BigInteger.ZERO;

    public Builder(List<BenchColumn> columns) {
      this.columns = columns;
    }

    /** Adds a row; {@code values} gives its values in the order of the columns. */
    public void add(IntFunction<Object> values) {
      text.setLength(0);
      for (int i = 0; i < columns.size(); i++) {
        text.append(i == 0 ? "" : "|").append(text(values.apply(i)));
      }
      byte[] bytes = md5.digest(text.toString().getBytes(StandardCharsets.UTF_8));
      long first = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        first = first << 8 | (bytes[i] & 0xFF);
      }
      rows++;
      versions = versions.add(BigInteger.valueOf((Long) values.apply(1)));
      hash = hash.add(BigInteger.valueOf(first >>> (Long.SIZE - BITS)));
    }

    public Digest build() {
      return new Digest(rows, versions, hash);
    }

    private static String text(Object value) {
      if (value instanceof Double number) {
        return "%016x".formatted(Double.doubleToLongBits(number));
      }
      if (value instanceof BigDecimal number) {
        return number.toPlainString();
      }
      if (value instanceof LocalDateTime time) {
        return String.valueOf(Duration.between(EPOCH, time).toNanos() / 1_000);
      }
      if (value instanceof LocalDate date) {
        return String.valueOf(date.toEpochDay());
      }
      if (value instanceof Boolean flag) {
        return flag ? "1" : "0";
      }
      return String.valueOf(value);
    }

    private static MessageDigest md5() {
      try {
        return MessageDigest.getInstance("MD5");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has MD5", e);
      }
    }
  }
}
