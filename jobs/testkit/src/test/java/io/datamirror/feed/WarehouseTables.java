package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A stand-in for a warehouse, of one test and with its clock in the test's hands. */
abstract class WarehouseTables implements AutoCloseable {

  private static final long CHUNK_ROWS = 100;

  abstract VersionedTables tables();

  /** The columns ID, PART and NOTE. */
  abstract List<Column> itemColumns();

  abstract Connection connection();

  /** Another connection. */
  abstract Connection connect() throws SQLException;

  /**
   * The feed of the table ITEMS.
   *
   * @param tableKeys what the spec says of it besides
   */
  abstract Feed resolve(String tableKeys) throws SQLException;

  abstract long settleMillis();

  /** Time passes. */
  abstract void later(long millis);

  /** The rows of a table as it was at a position. */
  abstract List<List<String>> rowsAt(VersionedTable table, long point) throws SQLException;

  @Override
  public abstract void close() throws SQLException;

  /** Creates the table ITEMS in place of the one there is. */
  VersionedTable items() throws SQLException {
    return tables().create("ITEMS", itemColumns(), List.of("ID", "PART"));
  }

  /** Adds rows with the ids {@code [from, to)} to the table of {@link #items}. */
  static void insert(VersionedTable items, int from, int to) throws SQLException {
    items.commit(
        writer -> {
          for (int i = from; i < to; i++) {
            writer.insert(i, "p" + i % 3, "note " + i);
          }
        });
  }

  /**
   * The table of {@link #items} with some rows, mirrored as of a moment after they were written.
   */
  Mirroring started(VersionedTable items, int rows) throws Exception {
    insert(items, 0, rows);
    Mirroring mirror = new Mirroring(resolve(""), settleMillis(), CHUNK_ROWS);
    assertThat(step(mirror)).isFalse();
    settle();
    assertThat(step(mirror)).isTrue();
    return mirror;
  }

  /** Statements without their numbers, which differ from one reading to the next. */
  static Set<String> shapes(List<String> statements) {
    return statements.stream()
        .map(sql -> sql.replaceAll("-?\\b\\d+\\b", "N"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Until all that was committed is settled. */
  void settle() {
    later(settleMillis() + 10);
  }

  boolean step(Mirroring mirror) throws Exception {
    return mirror.step(List.of(connection()));
  }

  void assertMirrored(Mirroring mirror, VersionedTable table) throws SQLException {
    assertThat(mirror.fold().rows())
        .containsExactlyInAnyOrderElementsOf(rowsAt(table, mirror.point()));
  }
}
