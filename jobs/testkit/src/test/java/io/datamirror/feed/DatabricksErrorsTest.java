package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.datamirror.databricks.DatabricksStandin;
import io.datamirror.databricks.Fault;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each error of Databricks leads to: those of real Delta, and those that only a cloud has. */
class DatabricksErrorsTest {

  private static final Databricks DATABRICKS = new Databricks();
  private static Delta delta;

  @BeforeAll
  static void start() throws SQLException {
    delta = new Delta("errors");
  }

  @AfterAll
  static void close() throws SQLException {
    delta.close();
  }

  @AfterEach
  void mend() {
    for (Fault fault : Fault.values()) {
      Delta.standin().fail(fault, 0);
    }
    Delta.standin().chunkRows(1_000);
  }

  private static Feed table(String name) throws SQLException {
    delta.create(name, "id BIGINT NOT NULL, v STRING");
    delta.run("INSERT INTO " + delta.name(name) + " VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    return delta.feed(name, "id");
  }

  private static Action action(String sql) throws SQLException {
    return DATABRICKS.classify(error(sql));
  }

  private static SQLException error(String sql) throws SQLException {
    try (Statement statement = delta.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        rows.getObject(1);
      }
      throw new AssertionError("no error: " + sql);
    } catch (SQLException e) {
      return e;
    }
  }

  private static ErrorCode code(Throwable failure) {
    assertThat(failure).isInstanceOf(MirrorException.class);
    return ((MirrorException) failure).code();
  }

  private static String changes(String table, int from, int to) {
    return "SELECT id FROM table_changes('" + delta.name(table) + "', " + from + ", " + to + ")";
  }

  @Test
  void the_version_in_which_the_feed_is_turned_on_can_be_read_and_is_empty() throws SQLException {
    delta.run(
        "CREATE TABLE " + delta.name("enabled") + " (id BIGINT) USING delta",
        "INSERT INTO " + delta.name("enabled") + " VALUES (1)",
        "ALTER TABLE "
            + delta.name("enabled")
            + " SET TBLPROPERTIES (delta.enableChangeDataFeed = true)");

    try (Statement statement = delta.connection().createStatement();
        ResultSet rows = statement.executeQuery(changes("enabled", 2, 2))) {
      assertThat(rows.next()).isFalse();
    }
    assertThat(action(changes("enabled", 1, 2))).isEqualTo(Action.RESNAPSHOT);
  }

  @Test
  void a_feed_that_was_off_in_between_has_lost_history_and_one_that_is_off_is_to_be_turned_on()
      throws SQLException {
    Feed feed = table("toggled");
    Position start = delta.start(feed);
    String off = " SET TBLPROPERTIES (delta.enableChangeDataFeed = false)";
    delta.run("ALTER TABLE " + delta.name("toggled") + off);
    delta.run("INSERT INTO " + delta.name("toggled") + " VALUES (4, 'd')");

    assertThat(code(catchThrowable(() -> delta.changes(feed, start))))
        .isEqualTo(ErrorCode.TRACKING_OFF);
    delta.run("ALTER TABLE " + delta.name("toggled") + off.replace("false", "true"));
    assertThat(code(catchThrowable(() -> delta.changes(feed, start))))
        .isEqualTo(ErrorCode.HISTORY_LOST);
  }

  @Test
  void versions_behind_the_newest_are_asked_again_after_a_look_at_the_table() throws SQLException {
    table("ahead");

    assertThat(action(changes("ahead", 2, 2))).isEqualTo(Action.RETRY);
    // Open source Delta would answer with what there is.
    assertThat(action(changes("ahead", 1, 2))).isEqualTo(Action.RETRY);
  }

  @Test
  void bounds_that_are_none_are_a_mistake_of_ours() throws SQLException {
    table("mistaken");

    assertThat(action(changes("mistaken", 1, 0))).isEqualTo(Action.FATAL);
    assertThat(action("SELECT * FROM table_changes('" + delta.name("mistaken") + "', NULL, 1)"))
        .isEqualTo(Action.FATAL);
    assertThat(action("SELECT * FROM table_changes('" + delta.name("mistaken") + "', id, 1)"))
        .isEqualTo(Action.FATAL);
  }

  @Test
  void a_version_that_is_not_there_is_lost() throws SQLException {
    table("unknown");

    assertThat(action("SELECT id FROM " + delta.name("unknown") + " VERSION AS OF 9"))
        .isEqualTo(Action.RESNAPSHOT);
  }

  @Test
  void files_that_vacuum_removed_between_two_polls_are_lost_changes() throws SQLException {
    Feed feed = table("vacuumed");
    Position start = delta.start(feed);
    delta.run(
        "UPDATE " + delta.name("vacuumed") + " SET v = 'x' WHERE id = 1",
        "UPDATE " + delta.name("vacuumed") + " SET v = 'y' WHERE id = 1",
        "VACUUM " + delta.name("vacuumed") + " RETAIN 0 HOURS");

    assertThat(code(catchThrowable(() -> delta.changes(feed, start))))
        .isEqualTo(ErrorCode.HISTORY_LOST);
    assertThat(code(catchThrowable(() -> delta.snapshot(feed, start))))
        .isEqualTo(ErrorCode.HISTORY_LOST);
  }

  @ParameterizedTest
  @CsvSource({
    "42K03, [DELTA_TRUNCATED_TRANSACTION_LOG] Unable to reconstruct state, RESNAPSHOT",
    "KD00C, [DELTA_VERSIONS_NOT_CONTIGUOUS] Versions (1) are not contiguous, RESNAPSHOT",
    "42KD9, [DELTA_UNSUPPORTED_TIME_TRAVEL_BEYOND_DELETED_FILE_RETENTION_DURATION] No, RESNAPSHOT",
    "KD001, [FAILED_READ_FILE.DBR_FILE_NOT_EXIST] Error while reading file, RESNAPSHOT",
    "42K03, [DELTA_FILE_NOT_FOUND_DETAILED] File x in the transaction log, RESNAPSHOT",
    "XX000, A file referenced in the transaction log cannot be found., RESNAPSHOT",
    "0AKDC, [DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE] Retrieving table changes, SPLIT",
    "0AKDC, [DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA] Retrieving table changes, SPLIT",
    "42P01, [TABLE_OR_VIEW_NOT_FOUND] The table cannot be found, CONFIG",
    "42703, [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column cannot be resolved, CONFIG",
    "42501, [INSUFFICIENT_PERMISSIONS] Insufficient privileges, CONFIG",
    "XX000, [INTERNAL_ERROR] Something, FATAL",
    "22003, [DELTA_INVALID_CDC_RANGE] CDC range, FATAL",
    "22004, [DELTA_CDC_READ_NULL_RANGE_BOUNDARY] CDC read, FATAL"
  })
  void names_decide_and_then_states(String state, String message, Action action)
      throws SQLException {
    Delta.standin().failChanges(state, message, 1);

    assertThat(action(changes("whatever", 1, 1))).isEqualTo(action);
  }

  @Test
  void a_name_in_the_statement_is_not_taken_for_the_servers() throws SQLException {
    String sql = "SELECT `Error Message: [DELTA_VERSION_NOT_FOUND]` FROM " + delta.name("nowhere");

    assertThat(action(sql)).isEqualTo(Action.CONFIG);
  }

  @Test
  void a_missing_table_and_a_missing_column_are_called_so() throws SQLException {
    table("shrunk");

    assertThat(SqlErrors.tableMissing(error("SELECT 1 FROM " + delta.name("nowhere")))).isTrue();
    assertThat(SqlErrors.columnMissing(error("SELECT w FROM " + delta.name("shrunk")))).isTrue();
  }

  @Test
  void a_portion_that_was_lost_is_read_again_from_where_the_reader_was() throws SQLException {
    delta.create("portions", "id BIGINT NOT NULL, v STRING");
    delta.run("INSERT INTO " + delta.name("portions") + " SELECT id, 'x' FROM range(1000)");
    Feed feed = delta.feed("portions", "id");
    Chunk chunk = feed.snapshotChunks(delta.connection(), delta.start(feed), Reads.MANY).get(0);
    Delta.standin().chunkRows(100);
    // The driver tries again by itself; not for ever.
    Delta.standin().fail(Fault.DROPPED_CHUNK, 50);
    Collected rows = new Collected(feed.layout());
    Resume resume;
    try (ChunkReader reader = feed.open(delta.connection(), chunk, Resume.START, 100)) {
      Throwable lost = catchThrowable(() -> reader.read(rows, Reads.MANY));
      assertThat(lost).isInstanceOf(SQLException.class);
      assertThat(SqlErrors.classify((SQLException) lost)).isEqualTo(Action.RETRY);
      resume = reader.resume();
    }
    Delta.standin().fail(Fault.DROPPED_CHUNK, 0);
    try (ChunkReader reader = feed.open(delta.connection(), chunk, resume, 100)) {
      reader.read(rows, Reads.MANY);
    }

    assertThat(rows.values("id")).hasSize(1000).doesNotHaveDuplicates();
  }

  @Test
  void a_busy_service_is_waited_for() throws SQLException {
    Feed feed = table("busy");
    Delta.standin().fail(Fault.THROTTLED, 1);
    assertThat(delta.start(feed)).isNotNull();
    Delta.standin().fail(Fault.UNAVAILABLE, 1);
    assertThat(delta.start(feed)).isNotNull();
  }

  @Test
  void a_connection_that_breaks_is_made_anew() throws SQLException {
    table("broken");
    Delta.standin().fail(Fault.DROPPED_STATEMENT, 1);

    assertThat(action("SELECT 1")).isEqualTo(Action.RETRY);
  }

  @Test
  void a_token_that_expires_is_looked_up_anew_and_one_that_is_wrong_is_said_to_be() {
    Delta.standin().fail(Fault.EXPIRED_TOKEN, 1);
    assertThat(catchThrowable(() -> assertThat(action("SELECT 1")).isEqualTo(Action.RETRY)))
        .isNull();

    Properties properties = Delta.standin().properties();
    properties.put("UID", "token");
    properties.put("PWD", "dapi-wrong");
    Throwable refused =
        catchThrowable(() -> DriverManager.getConnection(Delta.standin().url(), properties));
    assertThat(refused).isInstanceOf(SQLException.class);
    assertThat(SqlErrors.credentials((SQLException) refused)).isTrue();
    assertThat(DATABRICKS.classify((SQLException) refused)).isEqualTo(Action.CONFIG);
  }

  @Test
  void a_token_of_oauth_is_as_good_as_a_personal_one() throws SQLException {
    Properties properties = Delta.standin().properties();
    properties.put("AuthMech", "11");
    properties.put("Auth_Flow", "0");
    properties.put("Auth_AccessToken", DatabricksStandin.TOKEN);
    try (Connection connection = DriverManager.getConnection(Delta.standin().url(), properties)) {
      assertThat(DATABRICKS.clockMillis(connection)).isPositive();
    }
  }
}
