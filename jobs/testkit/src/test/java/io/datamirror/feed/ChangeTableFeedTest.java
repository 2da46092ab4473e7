package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.Operation;
import io.datamirror.spec.TableSpec;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeTableFeedTest {

  private H2 h2;

  @BeforeEach
  void createChanges() {
    h2 =
        new H2(
            "CREATE TABLE \"changes\" (\"seq\" BIGINT PRIMARY KEY, \"id\" INT, \"v\" INT,"
                + " \"name\" VARCHAR(20), \"_change_request_type\" VARCHAR(4))",
            "INSERT INTO \"changes\" VALUES (1, 10, 1, 'one', 'u'), (2, 20, 1, 'two', ' U '),"
                + " (3, 10, 2, NULL, 'D'), (4, 30, 1, 'three', NULL)");
  }

  @AfterEach
  void close() throws SQLException {
    h2.close();
  }

  @Test
  void delivers_every_change_with_its_operation() throws SQLException {
    Collected all =
        Reads.all(h2.connection(), Specs.changeTable("PUBLIC.changes").exclude("seq").build());

    assertThat(all.rejected()).isEmpty();
    assertThat(all.changes())
        .extracting(Collected.Change::operation)
        .containsExactly(Operation.UPSERT, Operation.UPSERT, Operation.DELETE, Operation.UPSERT);
    assertThat(all.values("id")).containsExactly(10, 20, 10, 30);
    assertThat(all.values("name")).containsExactly("one", "two", null, "three");
    assertThat(all.changes().get(0).row()).doesNotContainKeys("seq", "_change_request_type");
  }

  @Test
  void goes_on_where_the_last_window_ended() throws SQLException {
    Feed feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.changes").build());
    Window first = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow();
    h2.run("INSERT INTO \"changes\" VALUES (5, 40, 1, 'four', 'u')");

    Window second = Reads.next(h2.connection(), feed, first.to()).orElseThrow();
    Collected read = new Collected(feed.layout());
    Reads.read(h2.connection(), feed, feed.chunks(h2.connection(), second, 100), read);

    assertThat(feed.compare(first.to(), new Position("4"))).isZero();
    assertThat(second.from()).isEqualTo(first.to());
    assertThat(read.values("seq")).isEqualTo(List.of(5L));
  }

  @Test
  void a_control_column_in_other_case_is_asked_for_and_never_passed_over() throws SQLException {
    h2.run(
        "ALTER TABLE \"changes\" ALTER COLUMN \"_change_request_type\" RENAME TO \"_Change_Request_Type\"");
    Specs changes = Specs.changeTable("PUBLIC.changes").exclude("seq");

    assertThatThrownBy(() -> Reads.resolve(h2.connection(), changes.build()))
        .hasMessageContaining(
            "MIRROR-1024 mirrored._change_request_type (line 7): there is no such column in"
                + " PUBLIC.changes. Did you mean _Change_Request_Type? Upper and lower case count:"
                + " write operation: _Change_Request_Type.");

    TableSpec named = changes.operation("_Change_Request_Type").build();
    assertThat(Reads.all(h2.connection(), named).changes())
        .extracting(Collected.Change::operation)
        .containsExactly(Operation.UPSERT, Operation.UPSERT, Operation.DELETE, Operation.UPSERT);
  }

  @Test
  void without_a_control_column_every_row_is_an_upsert() throws SQLException {
    h2.run("ALTER TABLE \"changes\" DROP COLUMN \"_change_request_type\"");

    assertThat(Reads.all(h2.connection(), Specs.changeTable("PUBLIC.changes").build()).changes())
        .extracting(Collected.Change::operation)
        .containsOnly(Operation.UPSERT);
  }
}
