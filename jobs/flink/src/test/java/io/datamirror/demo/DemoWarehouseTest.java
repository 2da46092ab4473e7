package io.datamirror.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoWarehouseTest {
  @TempDir private Path directory;
  private DemoWarehouse warehouse;

  @BeforeEach
  void open() {
    warehouse = new DemoWarehouse(directory);
  }

  @Test
  void changes_are_delivered_in_the_order_of_the_commits() throws SQLException {
    long changes = warehouse.fill(DemoTable.COUNTRIES, DemoOrder.asItHappened());

    List<Long> versions = column(DemoTable.COUNTRIES, "_commit_version");
    assertThat(changes).isEqualTo(901);
    assertThat(versions).hasSize(901).isSorted();
    assertThat(column(DemoTable.COUNTRIES, "_change_id")).startsWith(1L, 2L).endsWith(901L);
  }

  @Test
  void shuffled_changes_are_the_same_ones_with_a_tenth_of_them_twice() throws SQLException {
    long changes = warehouse.fill(DemoTable.REGIONS, DemoOrder.shuffled(7));

    List<Long> versions = column(DemoTable.REGIONS, "_commit_version");
    assertThat(changes).isEqualTo(versions.size()).isBetween(18_200L, 18_800L);
    assertThat(versions).isNotEqualTo(versions.stream().sorted().toList());
    assertThat(new TreeSet<>(versions)).hasSize(156);
  }

  @Test
  void a_history_that_was_halted_goes_on_where_it_was() throws SQLException {
    DemoReach before = DemoReach.of(List.of("300", "countries=249"));

    long first = warehouse.fill(DemoTable.COUNTRIES, DemoOrder.asItHappened(), before);
    long rest = warehouse.fill(DemoTable.COUNTRIES, DemoOrder.asItHappened());

    assertThat(first).isEqualTo(254);
    assertThat(rest).isEqualTo(901 - 254);
    assertThat(column(DemoTable.COUNTRIES, "_commit_version")).hasSize(901).isSorted();
    assertThat(warehouse.fill(DemoTable.COUNTRIES, DemoOrder.shuffled(7))).isZero();
  }

  @Test
  void a_history_that_has_come_further_is_not_taken_back() throws SQLException {
    DemoReach reached = DemoReach.of(List.of("countries=249"));
    warehouse.fill(DemoTable.COUNTRIES, DemoOrder.asItHappened(), reached);
    long last = Collections.max(column(DemoTable.COUNTRIES, "_commit_version"));
    String earlier = String.valueOf(last - 1);

    warehouse.requireWithin(reached);
    warehouse.requireWithin(DemoReach.whole());
    assertThatThrownBy(() -> warehouse.requireWithin(DemoReach.of(List.of(earlier))))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1016 --until "
                + earlier
                + ": the history of countries in this directory is at "
                + last
                + " already. Name that version or a later one, or another directory with --keep.");
  }

  @Test
  void what_is_no_version_of_the_history_is_refused() {
    for (String wrong : List.of("", "now", "-1", "countries", "planets=3", "countries=", "1.5")) {
      assertThatThrownBy(() -> DemoReach.of(List.of(wrong)))
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith("MIRROR-1016 --until " + wrong + ": it is neither");
    }
  }

  @Test
  void the_same_seed_gives_the_same_order_and_another_seed_another() {
    assertThat(order(7)).isEqualTo(order(7)).isNotEqualTo(order(8));
  }

  private static List<List<String>> order(long seed) {
    List<List<String>> changes = new ArrayList<>();
    try (DemoFile file = DemoTable.COUNTRIES.changes()) {
      DemoOrder.shuffled(seed)
          .of(DemoTable.COUNTRIES, file)
          .forEachRemaining(change -> changes.add(List.of(change)));
    }
    return changes;
  }

  private List<Long> column(DemoTable table, String column) throws SQLException {
    List<Long> values = new ArrayList<>();
    try (Connection connection =
        DriverManager.getConnection(warehouse.url(), warehouse.user(), "")) {
      SqlText query =
          SqlText.in(Dialect.of(connection))
              .text("SELECT ")
              .name(new Identifier(column))
              .text(" FROM ")
              .name(TableName.parse("PUBLIC." + table.changeTable()))
              .text(" ORDER BY ")
              .name(new Identifier("_change_id"))
              .build();
      try (Rows rows = query.query(connection)) {
        while (rows.next()) {
          values.add(rows.row().getLong(1));
        }
      }
    }
    return values;
  }
}
