package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.Feed;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.Sources;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.verify.Difference;
import io.datamirror.verify.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a comparison says of a lake that is not at a position of its source. */
class VerificationTest {

  private static final String SPEC =
      """
      mirror: mirror
      source: { type: jdbc, url: "%s" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: mirrored }
      tables:
        - name: t
          source: PUBLIC.C
          feed: change-table
          primary-key: [ID]
          version: [VERSION]
          cursor: SEQ
          operation: OP
          columns: { exclude: [SEQ] }
      """;

  @TempDir Path directory;
  private final String url = "jdbc:h2:mem:verification" + UUID.randomUUID();
  private Connection source;
  private TablePlan table;

  @BeforeEach
  void aSourceOfThreeWindows() throws SQLException {
    source = DriverManager.getConnection(url);
    try (Statement statement = source.createStatement()) {
      statement.execute(
          "CREATE TABLE C (ID BIGINT NOT NULL, VERSION BIGINT, PLACE VARCHAR, TEXT VARCHAR,"
              + " SEQ BIGINT, OP CHAR(1))");
      statement.execute(
          "INSERT INTO C VALUES (1, 1, 'a', 'one', 1, 'U'), (2, 1, 'a', 'two', 2, 'U'),"
              + " (1, 2, 'a', 'one''', 3, 'U'), (3, 1, 'a', 'three', 4, 'U')");
    }
    MirrorSpec spec = SpecReader.read(SPEC.formatted(url));
    Feed feed = Sources.resolve(source, spec.source(), spec.tables().get(0));
    table = new TablePlan(spec.tables().get(0), feed, feed.identity(source));
  }

  @AfterEach
  void close() throws SQLException {
    source.close();
  }

  @Test
  void keys_of_a_window_that_is_being_read_are_left_out() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("2"));
      List<Difference> differences = new ArrayList<>();

      Verification.Result whole = verify(lake, differences);
      assertThat(whole.movedOn()).isZero();
      assertThat(whole.lakeRows()).isEqualTo(2);

      lake.upsert("t", 1, 2, "a", "one'");
      lake.commit(lake.epochWithinWindow());
      Verification.Result within = verify(lake, differences);
      assertThat(within.movedOn()).as("keys 1 and 3 changed after the position").isEqualTo(2);
      assertThat(differences).isEmpty();

      lake.upsert("t", 2, 2, "a", "wrong");
      lake.commit(lake.epochWithinWindow());
      verify(lake, differences);
      assertThat(differences).extracting(Difference::key).containsExactly("{\"ID\":2}");
    }
  }

  private Verification.Result verify(TestLake lake, List<Difference> differences) throws Exception {
    return Verification.of(lake.catalog, table, 100).run(source, differences::add, rows -> {});
  }
}
