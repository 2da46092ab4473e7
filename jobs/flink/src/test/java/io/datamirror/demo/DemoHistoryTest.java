package io.datamirror.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the demo claims of its data, checked without any of the mirror's own code. */
class DemoHistoryTest {
  private static final int OPERATION = 0;
  private static final int VERSION = 1;
  private static final int FIRST_COLUMN = 3;
  private static final int KEY = 3;

  @ParameterizedTest
  @EnumSource(DemoTable.class)
  void the_greatest_version_of_every_key_gives_the_expected_table(DemoTable table) {
    assertThat(fold(table)).isEqualTo(expected(table));
  }

  @ParameterizedTest
  @EnumSource(DemoTable.class)
  void no_key_has_two_changes_of_one_version(DemoTable table) {
    Set<List<String>> seen = new HashSet<>();
    try (DemoFile changes = table.changes()) {
      changes.forEachRemaining(
          change -> assertThat(seen.add(List.of(change[KEY], change[VERSION]))).isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource(DemoTable.class)
  void every_field_is_a_value_of_its_columns_type(DemoTable table) {
    try (DemoFile expected = table.expected()) {
      List<DemoType> types = expected.header().stream().map(DemoType::ofColumn).toList();
      expected.forEachRemaining(
          row -> {
            for (int i = 0; i < row.length; i++) {
              types.get(i).value(row[i]);
            }
          });
      assertThat(table.changes().header())
          .startsWith("_change_request_type", "_commit_version", "_commit_timestamp")
          .endsWith(expected.header().toArray(String[]::new));
    }
  }

  private static Map<String, List<String>> fold(DemoTable table) {
    Map<String, String[]> newest = new HashMap<>();
    try (DemoFile changes = table.changes()) {
      changes.forEachRemaining(change -> newest.merge(change[KEY], change, DemoHistoryTest::newer));
    }
    Map<String, List<String>> rows = new HashMap<>();
    newest.forEach(
        (key, change) -> {
          if (change[OPERATION].equals("u")) {
            rows.put(key, Arrays.asList(change).subList(FIRST_COLUMN, change.length));
          }
        });
    return rows;
  }

  private static String[] newer(String[] left, String[] right) {
    return Long.parseLong(left[VERSION]) > Long.parseLong(right[VERSION]) ? left : right;
  }

  private static Map<String, List<String>> expected(DemoTable table) {
    Map<String, List<String>> rows = new HashMap<>();
    try (DemoFile expected = table.expected()) {
      expected.forEachRemaining(row -> rows.put(row[0], Arrays.asList(row)));
    }
    return rows;
  }
}
