package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.Chunk.Part;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is read does not depend on how it is cut, or on where a reader stopped and went on. */
class ReadingTest {

  private static final int CHANGES = 40;

  private static H2 table(List<Integer> cursors, String type, String expression)
      throws SQLException {
    H2 h2 =
        new H2(
            "CREATE TABLE C (\"seq\" "
                + type
                + ", \"id\" INT, \"v\" INT, \"name\" VARCHAR, \"op\" CHAR(1))");
    for (int i = 0; i < cursors.size(); i++) {
      // Some rows are equal, some cannot be applied, some are deletes.
      int same = i % 3 == 0 ? 0 : i;
      h2.run(
          String.format(
              "INSERT INTO C VALUES (%s, %s, %d, 'n%d', '%s')",
              String.format(expression, cursors.get(i)),
              same % 7 == 6 ? "NULL" : String.valueOf(same % 5),
              same % 2,
              same % 4,
              same % 5 == 4 ? "d" : "u"));
    }
    return h2;
  }

  private static TableSpec spec() {
    return Specs.changeTable("PUBLIC.C").operation("op").build();
  }

  private static List<String> everything(Collected collected) {
    List<String> all = new ArrayList<>();
    collected.changes().forEach(change -> all.add(change.toString()));
    collected.rejected().forEach(entry -> all.add(entry.toString()));
    all.sort(null);
    return all;
  }

  @Property(tries = 60)
  void chunks_hold_each_row_of_a_window_once(
      @ForAll @Size(max = CHANGES) List<@IntRange(min = -50, max = 50) Integer> cursors,
      @ForAll @IntRange(min = -60, max = 60) int from,
      @ForAll @IntRange(max = 60) int width,
      @ForAll @IntRange(min = 1, max = 12) int rowsPerChunk)
      throws SQLException {
    for (String[] kind :
        new String[][] {
          {"BIGINT", "%d", "%d"},
          {"NUMERIC(20, 3)", "%d.125", "%d.125"},
          {
            "TIMESTAMP WITH TIME ZONE",
            "DATEADD('MILLISECOND', %d, TIMESTAMP WITH TIME ZONE '2024-01-01 00:00:01+00')",
            null
          }
        }) {
      try (H2 h2 = table(cursors, kind[0], kind[1])) {
        Feed feed = Reads.resolve(h2.connection(), spec());
        Window window = new Window(position(from, kind[2]), position(from + width, kind[2]), 0);
        List<Chunk> chunks = feed.chunks(h2.connection(), window, rowsPerChunk);
        Collected cut = new Collected(feed.layout());
        Reads.read(h2.connection(), feed, chunks, cut);
        Collected whole = new Collected(feed.layout());
        Chunk all = new Chunk(Part.CHANGES, window.from().text(), window.to().text());
        Reads.read(h2.connection(), feed, List.of(all), whole);

        long inside = cursors.stream().filter(c -> c > from && c <= from + width).count();
        assertThat(whole.size()).isEqualTo((int) inside);
        assertThat(everything(cut)).isEqualTo(everything(whole));
        assertAdjacent(chunks, window);
      }
    }
  }

  @Example
  void no_cut_between_fractions_stands_before_the_start_of_a_window() throws SQLException {
    try (H2 h2 =
        new H2("CREATE TABLE C (\"seq\" DECIMAL(10, 2), \"id\" INT NOT NULL, \"v\" INT)")) {
      h2.run("INSERT INTO C VALUES (5.10, 1, 1), (5.20, 2, 1), (5.30, 3, 1)");
      h2.run("INSERT INTO C VALUES (6, 4, 1), (7, 5, 1), (8, 6, 1)");
      Feed feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());
      Window window = new Window(new Position("5.2"), new Position("8"), 0);
      List<Chunk> chunks = feed.chunks(h2.connection(), window, 1);
      Collected read = new Collected(feed.layout());
      Reads.read(h2.connection(), feed, chunks, read);

      assertThat(chunks).hasSizeGreaterThan(1);
      assertAdjacent(chunks, window);
      assertThat(read.values("id")).containsExactly(3, 4, 5, 6);
    }
  }

  private static Position position(int cursor, String format) {
    return new Position(
        format == null
            ? Instant.parse("2024-01-01T00:00:01Z")
                .plusMillis(cursor)
                .atOffset(ZoneOffset.UTC)
                .toString()
            : String.format(format, cursor));
  }

  private static void assertAdjacent(List<Chunk> chunks, Window window) {
    String end = window.from().text();
    for (Chunk chunk : chunks) {
      assertThat(chunk.from()).isEqualTo(end);
      end = chunk.to();
    }
    if (!chunks.isEmpty()) {
      assertThat(end).isEqualTo(window.to().text());
    }
  }

  @Property(tries = 60)
  void a_reader_goes_on_behind_every_row_where_another_has_stopped(
      @ForAll @Size(min = 1, max = CHANGES) List<@IntRange(min = 0, max = 6) Integer> cursors,
      @ForAll @IntRange(min = 1, max = 9) int batch)
      throws SQLException {
    try (H2 h2 = table(cursors, "BIGINT", "%d")) {
      Feed feed = Reads.resolve(h2.connection(), spec());
      Chunk all = new Chunk(Part.CHANGES, "", "6");
      Collected whole = new Collected(feed.layout());
      Reads.read(h2.connection(), feed, List.of(all), whole);

      Collected pieces = new Collected(feed.layout());
      int read = resumeUntilEnd(h2.connection(), feed, all, batch, pieces);

      assertThat(read).isEqualTo(cursors.size());
      assertThat(everything(pieces)).isEqualTo(everything(whole));
    }
  }

  /** A new reader for each batch. */
  static int resumeUntilEnd(
      Connection connection, Feed feed, Chunk chunk, int batch, Collected into)
      throws SQLException {
    Resume resume = Resume.START;
    int total = 0;
    while (true) {
      try (ChunkReader reader = feed.open(connection, chunk, resume, 3)) {
        int count = reader.read(into, batch);
        total += count;
        resume = reader.resume();
        if (count < batch) {
          return total;
        }
      }
    }
  }

  @Example
  void rows_of_one_cursor_may_come_in_another_order_the_next_time() throws SQLException {
    // Nothing of such a key can be ordered.
    try (H2 h2 = new H2("CREATE TABLE C (\"seq\" BIGINT, \"id\" VARBINARY, \"v\" INT)")) {
      for (int id = 1; id <= 6; id++) {
        h2.run("INSERT INTO C VALUES (1, X'0" + id + "', 1)");
      }
      Feed feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());
      Chunk chunk = new Chunk(Part.CHANGES, "", "1");
      Collected read = new Collected(feed.layout());
      Resume resume;
      try (ChunkReader reader = feed.open(h2.connection(), chunk, Resume.START, 100)) {
        reader.read(read, 3);
        resume = reader.resume();
      }
      h2.run(
          "CREATE TABLE D AS SELECT * FROM C ORDER BY \"id\" DESC",
          "DELETE FROM C",
          "INSERT INTO C SELECT * FROM D");
      try (ChunkReader reader = feed.open(h2.connection(), chunk, resume, 100)) {
        assertThat(reader.read(read, 100)).isEqualTo(3);
      }

      assertThat(resume.delivered()).hasSize(3);
      assertThat(read.values("id")).containsExactlyInAnyOrder("01", "02", "03", "04", "05", "06");
    }
  }

  @Example
  void a_reader_remembers_little_of_many_rows_with_one_cursor() throws SQLException {
    try (H2 h2 = new H2("CREATE TABLE C (\"seq\" BIGINT, \"id\" INT, \"v\" INT)")) {
      h2.run("INSERT INTO C SELECT 1, NULLIF(MOD(X, 500), 0), 1 FROM SYSTEM_RANGE(1, 1000)");
      Feed feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());
      Chunk chunk = new Chunk(Part.CHANGES, "", "1");
      Collected read = new Collected(feed.layout());
      int most = 0;
      Resume resume = Resume.START;
      int count = 7;
      while (count == 7) {
        try (ChunkReader reader = feed.open(h2.connection(), chunk, resume, 100)) {
          count = reader.read(read, 7);
          resume = reader.resume();
          most = Math.max(most, resume.delivered().length);
        }
      }

      assertThat(most).isEqualTo(2);
      assertThat(read.changes()).hasSize(998);
      assertThat(read.rejected()).hasSize(2);
      assertThat(read.values("id").stream().distinct()).hasSize(499);
    }
  }

  @Example
  void in_any_database_rows_of_one_cursor_are_ordered_by_whole_numbers_that_are_never_null()
      throws SQLException {
    for (String type : List.of("INT", "BIGINT", "NUMERIC(20)")) {
      try (H2 h2 =
          new H2("CREATE TABLE C (\"seq\" INT, \"id\" " + type + " NOT NULL, \"v\" INT)")) {
        h2.run("INSERT INTO C SELECT 1, X, 1 FROM SYSTEM_RANGE(1, 100)");
        Connection unknown = OtherDatabase.behind(h2.connection());
        Feed feed = Reads.resolve(unknown, Specs.changeTable("PUBLIC.C").build());
        Chunk chunk = new Chunk(Part.CHANGES, "", "1");
        Collected read = new Collected(feed.layout());
        Resume stopped;
        try (ChunkReader reader = feed.open(unknown, chunk, Resume.START, 100)) {
          reader.read(read, 70);
          stopped = reader.resume();
        }
        try (ChunkReader reader = feed.open(unknown, chunk, stopped, 100)) {
          reader.read(read, 100);
        }

        assertThat(stopped.cursor()).isEqualTo("1:70");
        assertThat(stopped.delivered()).hasSize(1);
        assertThat(read.values("id")).hasSize(100).doesNotHaveDuplicates();
      }
    }
  }

  @Example
  void in_other_databases_nulls_and_fractions_order_nothing() throws SQLException {
    for (String type : List.of("INT", "NUMERIC(20, 1) NOT NULL", "VARCHAR NOT NULL")) {
      try (H2 h2 = new H2("CREATE TABLE C (\"seq\" INT, \"id\" " + type + ", \"v\" INT)")) {
        h2.run("INSERT INTO C SELECT 1, X, 1 FROM SYSTEM_RANGE(1, 9)");
        Connection unknown = OtherDatabase.behind(h2.connection());
        Feed feed = Reads.resolve(unknown, Specs.changeTable("PUBLIC.C").build());
        try (ChunkReader reader =
            feed.open(unknown, new Chunk(Part.CHANGES, "", "1"), Resume.START, 100)) {
          reader.read(new Collected(feed.layout()), 9);

          assertThat(reader.resume().cursor()).isEqualTo("1");
          assertThat(reader.resume().delivered()).hasSize(9);
        }
      }
    }
  }

  @Example
  void of_very_many_rows_with_one_cursor_none_is_remembered_and_all_come_again()
      throws SQLException {
    int most = KeysetReader.MOST_REMEMBERED;
    try (H2 h2 = manyWithOneCursor(most + 20)) {
      Feed feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());

      Resume remembered = readFrom(h2, feed, Resume.START, most, most);
      assertThat(remembered.delivered()).hasSize(most);
      readFrom(h2, feed, remembered, Reads.MANY, 21);

      Resume tooMany = readFrom(h2, feed, remembered, 10, 10);
      assertThat(tooMany.cursor()).isEqualTo("1");
      assertThat(tooMany.delivered()).isEmpty();
      Resume end = readFrom(h2, feed, tooMany, Reads.MANY, most + 21);
      assertThat(end.cursor()).isEqualTo("2");
      assertThat(end.delivered()).hasSize(1);

      Resume ofAnEarlierRelease = new Resume("1", new long[most + 1]);
      assertThat(readFrom(h2, feed, ofAnEarlierRelease, 10, 10).delivered()).isEmpty();
    }
  }

  /** Their keys cannot be ordered; one row follows with the next cursor. */
  private static H2 manyWithOneCursor(int rows) throws SQLException {
    H2 h2 = new H2("CREATE TABLE C (\"seq\" BIGINT, \"id\" VARBINARY, \"v\" INT)");
    h2.run(
        "INSERT INTO C SELECT 1, CAST(X AS VARBINARY), 1 FROM SYSTEM_RANGE(1, " + rows + ")",
        "INSERT INTO C VALUES (2, X'00', 1)");
    return h2;
  }

  private static Resume readFrom(H2 h2, Feed feed, Resume from, int want, int expected)
      throws SQLException {
    Tally tally = new Tally();
    try (ChunkReader reader =
        feed.open(h2.connection(), new Chunk(Part.CHANGES, "", "2"), from, 1_000)) {
      reader.read(tally, want);
      assertThat(tally.changes).isEqualTo(expected);
      return reader.resume();
    }
  }

  @Example
  void what_an_earlier_release_stopped_at_by_fewer_columns_is_read_again() throws SQLException {
    try (H2 h2 = new H2("CREATE TABLE C (\"seq\" TIMESTAMP, \"id\" INT NOT NULL, \"v\" INT)")) {
      h2.run(
          "INSERT INTO C SELECT DATEADD('SECOND', X, TIMESTAMP '2024-01-01 00:00:00'), X, 1"
              + " FROM SYSTEM_RANGE(1, 5)");
      Connection unknown = OtherDatabase.behind(h2.connection());
      Feed feed = Reads.resolve(unknown, Specs.changeTable("PUBLIC.C").build());
      Chunk chunk = new Chunk(Part.CHANGES, "2024-01-01T00:00:01", "2024-01-01T00:00:05");
      Resume old = new Resume("2024-01-01T00:00:03", new long[] {7});
      Collected read = new Collected(feed.layout());
      try (ChunkReader reader = feed.open(unknown, chunk, old, 100)) {
        reader.read(read, 100);
      }

      assertThat(read.values("id")).containsExactly(2, 3, 4, 5);
    }
  }

  @Example
  void a_reader_says_how_far_it_came_before_it_reads() throws SQLException {
    try (H2 h2 = table(List.of(1, 2), "BIGINT", "%d")) {
      Feed feed = Reads.resolve(h2.connection(), spec());
      Resume resume = new Resume("1:4", new long[] {7});
      Chunk chunk = new Chunk(Part.CHANGES, "", "6");
      try (ChunkReader reader = feed.open(h2.connection(), chunk, Resume.START, 1);
          ChunkReader later = feed.open(h2.connection(), chunk, resume, 1)) {
        assertThat(reader.resume()).isSameAs(Resume.START);
        assertThat(later.resume().cursor()).isEqualTo("1:4");
        assertThat(later.resume().delivered()).containsExactly(7);
      }
    }
  }
}
