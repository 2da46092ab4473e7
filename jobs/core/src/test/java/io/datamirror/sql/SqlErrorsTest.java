package io.datamirror.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.sql.SqlErrors.Action;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "08001, RETRY",
    "08006, RETRY",
    "40001, RETRY",
    "40P01, RETRY",
    "53300, RETRY",
    "57P01, RETRY",
    "57P03, RETRY",
    "90067, RETRY",
    "HYT00, RETRY",
    "25P03, RETRY",
    "25P04, RETRY",
    "55P03, RETRY",
    "57014, SPLIT",
    "72000, RETRY",
    "28P01, CONFIG",
    "28000, CONFIG",
    "42P01, CONFIG",
    "42S22, CONFIG",
    "42501, CONFIG",
    "3D000, CONFIG",
    "90020, CONFIG",
    "90149, CONFIG",
    "0A000, FATAL",
    "22003, FATAL",
    "XX000, FATAL"
  })
  void judges_by_the_sql_state(String state, Action action) {
    assertThat(SqlErrors.classify(new SQLException("x", state))).isEqualTo(action);
  }

  @ParameterizedTest
  @CsvSource({
    "S0001, 18456, CONFIG, true",
    "72000, 1017, CONFIG, true",
    "99999, 28000, CONFIG, true",
    "72000, 28000, CONFIG, true",
    "72000, 1555, RETRY, false",
    "HY000, 1017, FATAL, false",
    "HY000, 18456, FATAL, false"
  })
  void knows_refused_users_by_the_number_where_the_state_says_nothing(
      String state, int code, Action action, boolean refused) {
    SQLException error = new SQLException("x", state, code);

    assertThat(SqlErrors.classify(error)).isEqualTo(action);
    assertThat(SqlErrors.credentials(error)).isEqualTo(refused);
  }

  @ParameterizedTest
  @CsvSource({
    "S0002, 208, CONFIG, true, false",
    "S0001, 207, CONFIG, false, true",
    "42000, 942, CONFIG, true, false",
    "42000, 904, CONFIG, false, true",
    "42S02, 0, CONFIG, true, false",
    "42703, 0, CONFIG, false, true",
    "42000, 1064, CONFIG, false, false",
    "S0001, 102, FATAL, false, false",
    "HY000, 208, FATAL, false, false",
    "99999, 942, FATAL, false, false"
  })
  void knows_what_is_missing_by_the_number_where_the_state_says_nothing(
      String state, int code, Action action, boolean table, boolean column) {
    SQLException error = new SQLException("x", state, code);

    assertThat(SqlErrors.classify(error)).isEqualTo(action);
    assertThat(SqlErrors.tableMissing(error)).isEqualTo(table);
    assertThat(SqlErrors.columnMissing(error)).isEqualTo(column);
  }

  @ParameterizedTest
  @CsvSource({
    "S0005, 229, CONFIG, true",
    "S0001, 230, CONFIG, true",
    "42000, 1031, CONFIG, true",
    "42000, 1142, CONFIG, true",
    "42000, 1143, CONFIG, true",
    "42501, 0, CONFIG, true",
    "42000, 1064, CONFIG, false",
    "HY000, 229, FATAL, false"
  })
  void knows_a_missing_privilege_by_the_number_where_the_state_says_nothing(
      String state, int code, Action action, boolean missing) {
    SQLException error = new SQLException("x", state, code);

    assertThat(SqlErrors.classify(error)).isEqualTo(action);
    assertThat(SqlErrors.privilege(error)).isEqualTo(missing);
  }

  @Test
  void judges_by_the_type_where_the_state_says_nothing() {
    assertThat(SqlErrors.classify(new SQLTransientException("x"))).isEqualTo(Action.RETRY);
    assertThat(SqlErrors.classify(new SQLRecoverableException("x"))).isEqualTo(Action.RETRY);
    assertThat(SqlErrors.classify(new SQLTimeoutException("x"))).isEqualTo(Action.SPLIT);
    assertThat(SqlErrors.classify(new SQLSyntaxErrorException("x"))).isEqualTo(Action.CONFIG);
    assertThat(SqlErrors.classify(new SQLInvalidAuthorizationSpecException("x")))
        .isEqualTo(Action.CONFIG);
    assertThat(SqlErrors.classify(new SQLNonTransientException("x"))).isEqualTo(Action.FATAL);
    assertThat(SqlErrors.classify(new SQLIntegrityConstraintViolationException("x")))
        .isEqualTo(Action.FATAL);
    assertThat(SqlErrors.classify(new SQLException("x"))).isEqualTo(Action.FATAL);
  }

  @Test
  void looks_for_the_cause_that_a_pool_has_wrapped() {
    SQLException refused = new SQLException("x", "28P01");

    assertThat(SqlErrors.classify(new SQLTransientConnectionException("x", null, refused)))
        .isEqualTo(Action.CONFIG);
    assertThat(SqlErrors.credentials(new SQLTransientConnectionException("x", null, refused)))
        .isTrue();
    assertThat(SqlErrors.classify(new SQLNonTransientConnectionException("x", "90020")))
        .isEqualTo(Action.CONFIG);
  }

  @Test
  void knows_errors_that_are_about_a_value() {
    assertThat(SqlErrors.aboutData(new SQLException("x", "22003"))).isTrue();
    assertThat(SqlErrors.aboutData(new SQLException("x", "08006"))).isFalse();
    assertThat(SqlErrors.aboutData(new SQLException("x", "S1009"))).isFalse();
    assertThat(SqlErrors.aboutData(new SQLException("x"))).isFalse();
    assertThat(SqlErrors.aboutData(new SQLDataException("x"))).isTrue();
    assertThat(SqlErrors.aboutData(new SQLDataException("x", "08006"))).isFalse();
  }
}
