package io.datamirror.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.SqlDeclaration;
import io.datamirror.spec.SqlTableReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqlPlanTest {

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

  @BeforeEach
  void createChanges() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE C (SEQ BIGINT PRIMARY KEY, ID INT, V TIMESTAMP(9), D DATE, T TIME(6),"
              + " TS TIMESTAMP(9), TZ TIMESTAMP(9) WITH TIME ZONE, N INT)");
    }
  }

  @Test
  void times_that_are_too_fine_to_be_kept_are_cut_but_not_where_the_law_goes_by_them() {
    Map<String, ColumnType> columns =
        columns("ID", Kind.INT, "V", Kind.TIMESTAMP, "D", Kind.DATE, "T", Kind.TIME);
    columns.putAll(columns("TS", Kind.TIMESTAMP, "TZ", Kind.TIMESTAMP_WITH_ZONE, "N", Kind.LONG));

    assertThat(cast(columns, List.of("ID"), Map.of("version", "V")))
        .containsExactlyInAnyOrderEntriesOf(
            columns(
                "T",
                Kind.TIME,
                "TS",
                Kind.TIMESTAMP,
                "TZ",
                Kind.TIMESTAMP_WITH_ZONE,
                "N",
                Kind.LONG));
    assertThat(cast(columns, List.of("ID", "T"), Map.of("version", "V", "order", "TS")))
        .containsOnlyKeys("TZ", "N");
  }

  @Test
  void the_time_of_a_change_is_cut_though_it_is_not_declared() {
    Map<String, ColumnType> id = columns("ID", Kind.INT);

    assertThat(cast(id, List.of("ID"), Map.of("version", "N", "timestamp", "TS")))
        .containsExactlyInAnyOrderEntriesOf(columns("TS", Kind.TIMESTAMP));
    assertThat(cast(id, List.of("ID"), Map.of("version", "N", "cursor", "TZ")))
        .as("the cursor serves as the time")
        .containsExactlyInAnyOrderEntriesOf(columns("TZ", Kind.TIMESTAMP_WITH_ZONE));
    assertThat(cast(id, List.of("ID"), Map.of("version", "V", "timestamp", "V")))
        .as("as the version it is not")
        .isEmpty();
  }

  @Test
  void a_time_stamp_in_the_primary_key_is_not_cut_to_its_day_or_its_time_of_day() {
    Map<String, ColumnType> columns =
        columns("ID", Kind.INT, "D", Kind.DATE, "TS", Kind.DATE, "TZ", Kind.TIME);
    Map<String, String> version = Map.of("version", "SEQ");

    assertThatExceptionOfType(ProblemsException.class)
        .isThrownBy(() -> cast(columns, List.of("ID", "D", "TS", "TZ"), version))
        .withMessage(
            """
            MIRROR-1026 orders.TS: it is in the primary key and is declared as a part of the time stamp\
             that it is, so that two rows would become one. Declare it as TIMESTAMP(6).
            MIRROR-1026 orders.TZ: it is in the primary key and is declared as a part of the time stamp\
             that it is, so that two rows would become one. Declare it as TIMESTAMP_LTZ(6).
            2 problems in table orders""");
    assertThat(cast(columns("ID", Kind.INT, "TS", Kind.DATE), List.of("ID"), version))
        .as("outside the key it is")
        .containsOnlyKeys("TS");
  }

  @Test
  void a_time_stamp_that_the_law_goes_by_is_not_declared_as_the_other_kind() {
    Map<String, ColumnType> columns =
        columns("ID", Kind.INT, "V", Kind.TIMESTAMP_WITH_ZONE, "TS", Kind.TIMESTAMP_WITH_ZONE);
    columns.putAll(columns("TZ", Kind.TIMESTAMP));

    assertThatExceptionOfType(ProblemsException.class)
        .isThrownBy(() -> cast(columns, List.of("ID", "TS"), Map.of("version", "V", "order", "TZ")))
        .withMessage(
            """
            MIRROR-1026 orders.V: it tells rows apart or says which is newer, and is declared as the other\
             kind of time stamp, which may cut what is finer than a microsecond. Declare it as TIMESTAMP(6).
            MIRROR-1026 orders.TS: it tells rows apart or says which is newer, and is declared as the other\
             kind of time stamp, which may cut what is finer than a microsecond. Declare it as TIMESTAMP(6).
            MIRROR-1026 orders.TZ: it tells rows apart or says which is newer, and is declared as the other\
             kind of time stamp, which may cut what is finer than a microsecond. Declare it as TIMESTAMP_LTZ(6).
            3 problems in table orders""");
    assertThat(cast(columns, List.of("ID"), Map.of("version", "SEQ")))
        .as("what the law does not go by is cast")
        .containsOnlyKeys("V", "TS", "TZ");
  }

  private Map<String, ColumnType> cast(
      Map<String, ColumnType> columns, List<String> key, Map<String, String> more) {
    Map<String, String> options = new LinkedHashMap<>(more);
    options.put("url", url);
    options.put("source", "PUBLIC.C");
    options.put("feed", "change-table");
    options.putIfAbsent("cursor", "SEQ");
    SqlDeclaration declared = new SqlDeclaration("orders", options, columns, key);
    SqlPlan plan = new SqlPlan(SqlTableReader.read(declared, List.of()));
    return plan.table().spec().columns().cast();
  }

  private static Map<String, ColumnType> columns(Object... namesAndKinds) {
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    for (int i = 0; i < namesAndKinds.length; i += 2) {
      columns.put((String) namesAndKinds[i], ColumnType.of((Kind) namesAndKinds[i + 1]));
    }
    return columns;
  }
}
