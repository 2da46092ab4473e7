package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hash of the check, in PostgreSQL and here. */
class DigestTest {

  @ParameterizedTest
  @EnumSource(
      value = Workload.class,
      names = {"W2", "W3", "W4"})
  void the_database_and_this_process_digest_rows_to_the_same(Workload workload) throws Exception {
    SourceTable source = new SourceTable(workload, new Sweep.Point(2_000, 300, 100, 1, 500));
    List<BenchColumn> columns = workload.columns();
    Digest.Builder digest = new Digest.Builder(columns);
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(fold())) {
      while (rows.next()) {
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = value(rows, columns.get(i).name());
        }
        digest.add(i -> values[i]);
      }
    }
    assertThat(digest.build()).isEqualTo(source.expected());
  }

  @Test
  void one_other_value_makes_another_digest() {
    List<BenchColumn> columns = Workload.W3.columns().subList(0, 4);
    Digest.Builder left = new Digest.Builder(columns);
    Digest.Builder right = new Digest.Builder(columns);
    left.add(i -> i < 2 ? (Object) 7L : "a");
    right.add(i -> i < 2 ? (Object) 7L : i == 2 ? "a" : "b");
    assertThat(left.build()).isNotEqualTo(right.build());
  }

  private static String fold() {
    return "SELECT * FROM (SELECT DISTINCT ON (id) * FROM chg ORDER BY id, ver DESC, op) AS last"
        + " WHERE op = 'u'";
  }

  private static Object value(ResultSet rows, String name) throws Exception {
    int type = rows.getMetaData().getColumnType(rows.findColumn(name));
    return switch (type) {
      case Types.TIMESTAMP -> rows.getObject(name, LocalDateTime.class);
      case Types.DATE -> rows.getObject(name, LocalDate.class);
      case Types.BIT -> rows.getBoolean(name);
      default -> rows.getObject(name);
    };
  }
}
