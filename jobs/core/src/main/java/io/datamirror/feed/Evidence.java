package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.DiscardedRow;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells a table of changes from another one of the same name, and from what it was before somebody
 * put it back to an older state, by key and version of a row at the cursor value up to which
 * changes were read. Such a row never changes; it may go, with all that is old, but no other row
 * comes in its place.
 *
 * @param rows how key, version and order are read; nothing else is
 */
record Evidence(Windows.Target target, RowPlan rows, KeysetColumn cursor) implements Serializable {

  // More rows than that with one cursor value are not looked at with every window.
  private static final int MOST_ROWS = 1_000;
  private static final char MARK = '~';
  private static final int DIGITS = 16;

  static Evidence of(Windows.Target target, RowPlan plan, KeysetColumn cursor) {
    ChangeLayout layout = plan.layout();
    List<Reading> columns = new ArrayList<>();
    for (int i = 0; i < layout.columns().size(); i++) {
      boolean law = layout.key().contains(i) || layout.version().contains(i) || layout.order() == i;
      columns.add(law ? plan.columns().get(i) : null);
    }
    RowPlan lawOnly = new RowPlan(layout, columns, null, RowPlan.TimeNeed.OPTIONAL);
    return new Evidence(target, lawOnly, cursor);
  }

  /** The cursor value of a position. */
  static String cursorOf(String position) {
    return marked(position) ? position.substring(0, position.length() - DIGITS - 1) : position;
  }

  private static boolean marked(String position) {
    int mark = position.length() - DIGITS - 1;
    return mark > 0 && position.charAt(mark) == MARK;
  }

  /** The position at {@code value} with what is known of its rows. */
  String position(Connection connection, String value) throws SQLException {
    OptionalLong least =
        digests(connection, value).stream().flatMap(List::stream).mapToLong(Digest::law).min();
    return least.isPresent() ? value + MARK + HexFormat.of().toHexDigits(least.getAsLong()) : value;
  }

  /** Whether rows stand at {@code position}, and the one that stood there is not among them. */
  boolean contradicts(Connection connection, String position) throws SQLException {
    if (!marked(position)) {
      return false;
    }
    long known =
        HexFormat.fromHexDigitsToLong(position, position.length() - DIGITS, position.length());
    return digests(connection, cursorOf(position))
        .filter(found -> !found.isEmpty() && found.stream().noneMatch(row -> row.is(known)))
        .isPresent();
  }

  /**
   * What a position says of a row.
   *
   * @param law by key and version alone
   * @param placed what positions said first: it depends on how many columns lie before these
   */
  private record Digest(long law, long placed) {
    boolean is(long known) {
      return known == law || known == placed;
    }
  }

  /** The digests of the rows at a value; empty when they are too many. */
  private Optional<List<Digest>> digests(Connection connection, String value) throws SQLException {
    List<Digest> digests = new ArrayList<>();
    try (Rows found = query(value).first(connection, MOST_ROWS + 1)) {
      WireFormats formats = WireFormats.of(found.row());
      ResultTypes.require(rows, target.dialect(), formats, found.row());
      RowDecoder decoder = new RowDecoder(rows, formats, Nowhere.SINK);
      while (found.next()) {
        if (digests.size() == MOST_ROWS) {
          return Optional.empty();
        }
        decoder.decode(found.row());
        digests.add(new Digest(decoder.lawDigest(), decoder.digest()));
      }
    }
    return Optional.of(digests);
  }

  SqlText query(String value) {
    SqlText.Builder sql =
        SqlText.in(target.dialect())
            .text("SELECT ")
            .names(rows.selected())
            .text(" FROM ")
            .name(target.table())
            .text(" WHERE ");
    cursor.write(sql);
    cursor.writeValue(sql.text(" = "), value);
    return sql.build();
  }

  /** Receives rows that are only looked at. */
  private static final class Nowhere implements ChangeSink {
    private static final Nowhere SINK = new Nowhere();
    private static final RowWriter ROW = new DiscardedRow();

    @Override
    public RowWriter row() {
      return ROW;
    }

    @Override
    public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {}

    @Override
    public void reject(LedgerEntry entry) {}
  }
}
