package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.Operation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinalImagesTest {

  private static final int UNIT_INDEX = 2;

  /** What counts of rows such as {@code a 1 UPSERT}: key, unit and operation. */
  private static List<String> counted(FinalImages images, String... rows) throws SQLException {
    List<String> counted = new ArrayList<>();
    String key = null;
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      for (String row : rows) {
        String[] parts = row.split(" ", -1);
        if (!parts[0].equals(key)) {
          key = parts[0];
          images.nextKey();
        }
        Operation operation = parts[2].equals("?") ? null : Operation.valueOf(parts[2]);
        String query = "SELECT '%s', CAST(%s AS BIGINT)".formatted(parts[0], parts[1]);
        try (ResultSet found = connection.createStatement().executeQuery(query)) {
          found.next();
          if (!images.passesOver(found, operation)) {
            counted.add(row);
          }
        }
      }
    }
    return counted;
  }

  @Test
  void a_delete_behind_an_upsert_of_its_key_and_unit_is_passed_over() throws SQLException {
    assertThat(counted(new FinalImages(UNIT_INDEX), "a 1 UPSERT", "a 1 DELETE", "a 1 DELETE"))
        .containsExactly("a 1 UPSERT");
  }

  @Test
  void a_delete_counts_in_a_unit_without_an_upsert_of_its_key() throws SQLException {
    assertThat(
            counted(
                new FinalImages(UNIT_INDEX),
                "a 0 UPSERT",
                "a 1 DELETE",
                "a 2 UPSERT",
                "a 2 DELETE",
                "a 3 DELETE",
                "b 3 DELETE"))
        .containsExactly("a 0 UPSERT", "a 1 DELETE", "a 2 UPSERT", "a 3 DELETE", "b 3 DELETE");
  }

  @Test
  void an_upsert_of_another_key_says_nothing_of_a_delete() throws SQLException {
    assertThat(counted(new FinalImages(UNIT_INDEX), "a 1 UPSERT", "b 1 DELETE"))
        .containsExactly("a 1 UPSERT", "b 1 DELETE");
  }

  @Test
  void a_row_of_an_unknown_operation_is_neither() throws SQLException {
    assertThat(counted(new FinalImages(UNIT_INDEX), "a 1 ?", "a 1 DELETE", "a 1 UPSERT", "a 1 ?"))
        .containsExactly("a 1 ?", "a 1 DELETE", "a 1 UPSERT", "a 1 ?");
  }

  @Test
  void every_upsert_counts() throws SQLException {
    assertThat(counted(new FinalImages(UNIT_INDEX), "a 1 UPSERT", "a 1 UPSERT", "a 2 UPSERT"))
        .hasSize(3);
  }

  @Test
  void all_rows_count_where_a_feed_has_no_old_images() throws SQLException {
    assertThat(counted(new FinalImages(0), "a 1 UPSERT", "a 1 DELETE")).hasSize(2);
  }
}
