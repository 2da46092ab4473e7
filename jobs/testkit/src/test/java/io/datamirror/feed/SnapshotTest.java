package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ColumnType;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.spec.TableSpec;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  private H2 h2;
  private int rows;

  @BeforeEach
  void createTables() {
    h2 =
        new H2(
            "CREATE TABLE C (\"seq\" BIGINT, \"id\" BIGINT, \"part\" VARCHAR(9), \"v\" INT,"
                + " \"name\" VARCHAR(9), \"op\" CHAR(1))",
            "CREATE TABLE B (\"name\" VARCHAR(9), \"id\" BIGINT NOT NULL, \"v\" INT)",
            "CREATE TABLE P (\"part\" VARCHAR(9) NOT NULL, \"id\" BIGINT NOT NULL, \"v\" INT)");
  }

  @AfterEach
  void close() throws SQLException {
    h2.close();
  }

  private Feed feed(String base, String... key) throws SQLException {
    return Reads.resolve(
        h2.connection(),
        Specs.changeTable("PUBLIC.C").operation("op").key(key).snapshot(base).build());
  }

  @Test
  void a_table_without_a_snapshot_has_no_chunks_of_one() throws SQLException {
    Feed feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());

    assertThat(feed.snapshotChunks(h2.connection(), Position.BEGINNING, 10)).isEmpty();
  }

  @Test
  void every_row_is_an_upsert_with_its_version() throws SQLException {
    h2.run("INSERT INTO B VALUES ('one', 1, 5), ('two', 2, 6)");
    Feed feed = feed("PUBLIC.B", "id");
    Collected read = new Collected(feed.layout());
    Reads.read(
        h2.connection(), feed, feed.snapshotChunks(h2.connection(), Position.BEGINNING, 10), read);

    assertThat(read.changes())
        .extracting(Collected.Change::operation)
        .containsOnly(Operation.UPSERT);
    assertThat(read.values("name")).containsExactly("one", "two");
    assertThat(read.values("v")).containsExactly(5, 6);
    assertThat(read.values("seq")).containsOnlyNulls();
  }

  @Test
  void the_row_of_a_snapshot_and_its_change_have_the_same_rank() throws SQLException {
    h2.run(
        "INSERT INTO B VALUES ('one', 1, 5)",
        "INSERT INTO C VALUES (NULL, 1, NULL, 5, 'one', 'u')");
    Feed feed =
        Reads.resolve(
            h2.connection(),
            Specs.changeTable("PUBLIC.C")
                .operation("op")
                .exclude("seq", "part")
                .snapshot("PUBLIC.B")
                .build());
    h2.run("UPDATE C SET \"seq\" = 1");
    Collected read = new Collected(feed.layout());
    Reads.read(
        h2.connection(), feed, feed.snapshotChunks(h2.connection(), Position.BEGINNING, 10), read);
    Window window = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow();
    Reads.read(h2.connection(), feed, feed.chunks(h2.connection(), window, 10), read);

    assertThat(read.changes()).hasSize(2);
    assertThat(read.changes().get(0)).isEqualTo(read.changes().get(1));
  }

  @Test
  void where_a_base_table_lacks_a_stored_column_the_hash_alone_decides_and_that_is_told()
      throws SQLException {
    Feed feed = feed("PUBLIC.B", "id");
    Feed complete =
        Reads.resolve(
            h2.connection(),
            Specs.changeTable("PUBLIC.C")
                .operation("op")
                .exclude("seq", "part")
                .snapshot("PUBLIC.B")
                .build());

    assertThat(FeedFactory.contestedInBase(feed)).containsExactly("seq", "part");
    assertThat(FeedFactory.contestedInBase(complete)).isEmpty();
    List<byte[]> ranks = ranksOfRowAndChange(feed);
    assertThat(Rank.conflicting(ranks.get(0), ranks.get(1))).isTrue();
  }

  @Test
  void where_it_lacks_the_order_too_the_change_wins() throws SQLException {
    Feed feed =
        Reads.resolve(
            h2.connection(),
            Specs.changeTable("PUBLIC.C")
                .operation("op")
                .order("seq")
                .snapshot("PUBLIC.B")
                .build());

    assertThat(FeedFactory.contestedInBase(feed)).isEmpty();
    for (int i = 1; i <= 20; i++) {
      List<byte[]> ranks = ranksOfRowAndChange(feed);
      assertThat(Rank.compare(ranks.get(0), ranks.get(1))).isNegative();
    }
  }

  /** Those of a row and of its change, which is of equal version and has a column more. */
  private List<byte[]> ranksOfRowAndChange(Feed feed) throws SQLException {
    rows++;
    h2.run(
        "DELETE FROM B",
        "DELETE FROM C",
        "INSERT INTO B VALUES ('one', 1, 5)",
        "INSERT INTO C VALUES (" + rows + ", 1, 'part" + rows + "', 5, 'one', 'u')");
    Collected read = new Collected(feed.layout());
    Reads.read(
        h2.connection(), feed, feed.snapshotChunks(h2.connection(), Position.BEGINNING, 10), read);
    Window window = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow();
    Reads.read(h2.connection(), feed, feed.chunks(h2.connection(), window, 10), read);
    return read.changes().stream()
        .map(change -> HexFormat.of().parseHex(withoutKey(change.rank())))
        .toList();
  }

  /** A rank comes behind the text of its key. */
  private static String withoutKey(String rank) {
    return rank.substring(rank.indexOf(']') + 1);
  }

  @Test
  void chunks_hold_each_row_once_and_every_reader_goes_on_where_it_stopped() throws SQLException {
    List<Object> ids = new ArrayList<>();
    for (long id = -500; id < 500; id += 7) {
      h2.run("INSERT INTO B VALUES ('n', " + id * id * id + ", 1)");
      ids.add(id * id * id);
    }
    Feed feed = feed("PUBLIC.B", "id");
    List<Chunk> chunks = feed.snapshotChunks(h2.connection(), Position.BEGINNING, 20);
    Collected read = new Collected(feed.layout());
    for (Chunk chunk : chunks) {
      ReadingTest.resumeUntilEnd(h2.connection(), feed, chunk, 3, read);
    }

    assertThat(chunks).hasSizeGreaterThan(5);
    assertThat(read.values("id")).containsExactlyElementsOf(ids);
  }

  @Test
  void a_key_of_several_columns_is_one_chunk_and_goes_on_where_it_stopped() throws SQLException {
    List<Map<String, Object>> expected = new ArrayList<>();
    for (String part : List.of("", "a", "a:b", "a\\", "b")) {
      for (long id = 1; id <= 4; id++) {
        h2.run("INSERT INTO P VALUES ('" + part + "', " + id + ", 1)");
        expected.add(Map.of("part", part, "id", id));
      }
    }
    Feed feed = feed("PUBLIC.P", "part", "id");
    List<Chunk> chunks = feed.snapshotChunks(h2.connection(), Position.BEGINNING, 2);
    Collected read = new Collected(feed.layout());
    for (Chunk chunk : chunks) {
      ReadingTest.resumeUntilEnd(h2.connection(), feed, chunk, 3, read);
    }

    assertThat(chunks).hasSize(1);
    List<Map<String, Object>> keys =
        read.rows().stream()
            .map(row -> Map.of("part", row.get("part"), "id", row.get("id")))
            .toList();
    assertThat(keys).containsExactlyElementsOf(expected);
  }

  @Test
  void where_texts_may_be_sorted_by_other_rules_than_they_are_compared_a_chunk_begins_anew()
      throws SQLException {
    for (String part : List.of("a", "b", "c")) {
      h2.run("INSERT INTO P VALUES ('" + part + "', 1, 1)", "INSERT INTO B VALUES ('n', 1, 1)");
    }
    Connection unknown = OtherDatabase.behind(h2.connection());

    assertThat(secondRead(unknown, "PUBLIC.P", "part", "id").values("part"))
        .as("rows read by the second of two readers, each of which reads two")
        .containsExactly("a", "b");
    assertThat(secondRead(h2.connection(), "PUBLIC.P", "part", "id").values("part"))
        .containsExactly("c");
    h2.run("UPDATE B SET \"id\" = ROWNUM()");
    assertThat(secondRead(unknown, "PUBLIC.B", "id").values("id"))
        .as("numbers are sorted alike everywhere")
        .containsExactly(3L);
  }

  @Test
  void unsigned_numbers_that_are_no_long_are_read_as_the_type_that_they_are_cast_to()
      throws SQLException {
    BigDecimal half = new BigDecimal("9223372036854775808");
    h2.run(
        "CREATE TABLE UC (\"seq\" BIGINT, \"id\" NUMERIC(20) NOT NULL, \"v\" INT, \"op\" CHAR(1))",
        "CREATE TABLE UB (\"id\" NUMERIC(20) NOT NULL, \"v\" INT)",
        "INSERT INTO UB SELECT " + half + " + (X - 3) * 7, 1 FROM SYSTEM_RANGE(1, 20)");
    Connection mysql = describing(h2.connection(), "NUMERIC", Types.BIGINT, "BIGINT UNSIGNED");
    Feed feed =
        Reads.resolve(
            mysql,
            Specs.changeTable("PUBLIC.UC")
                .operation("op")
                .cast(Map.of("id", ColumnType.decimal(20, 0)))
                .snapshot("PUBLIC.UB")
                .build());
    List<Chunk> chunks = feed.snapshotChunks(mysql, Position.BEGINNING, 5);
    Collected read = new Collected(feed.layout());
    for (Chunk chunk : chunks) {
      ReadingTest.resumeUntilEnd(mysql, feed, chunk, 2, read);
    }

    assertThat(chunks).hasSizeGreaterThan(2);
    assertThat(read.rejected()).isEmpty();
    assertThat(read.values("id"))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 20)
                .<Object>mapToObj(x -> half.add(BigDecimal.valueOf((x - 3) * 7)))
                .toList());
  }

  @Test
  void where_an_earlier_release_stopped_at_an_unsigned_number_its_reading_goes_on()
      throws SQLException {
    h2.run("INSERT INTO B SELECT 'n', 100 * X, 1 FROM SYSTEM_RANGE(1, 5)");
    Connection mysql = describing(h2.connection(), "BIGINT", Types.BIGINT, "BIGINT UNSIGNED");
    TableSpec spec = Specs.changeTable("PUBLIC.C").operation("op").snapshot("PUBLIC.B").build();
    Feed before = Reads.resolve(OtherDatabase.behind(h2.connection()), spec);
    Feed now = Reads.resolve(mysql, spec);
    Chunk chunk = new Chunk(Chunk.Part.SNAPSHOT, "100", "500");
    Collected read = new Collected(now.layout());
    Resume stopped;
    try (ChunkReader reader = before.open(h2.connection(), chunk, Resume.START, 100)) {
      reader.read(read, 2);
      stopped = reader.resume();
    }
    try (ChunkReader reader = now.open(mysql, chunk, stopped, 100)) {
      reader.read(read, 100);
    }

    assertThat(read.values("id")).containsExactly(200L, 300L, 400L, 500L);
  }

  /** A database that describes its columns of one type as those of another. */
  private static Connection describing(Connection connection, String from, int type, String name) {
    return OtherDatabase.answering(
        Connection.class,
        OtherDatabase.behind(connection),
        "getMetaData",
        metadata ->
            OtherDatabase.answering(
                DatabaseMetaData.class,
                metadata,
                "getColumns",
                columns -> described((ResultSet) columns, from, type, name)));
  }

  private static ResultSet described(ResultSet columns, String from, int type, String name) {
    return (ResultSet)
        Proxy.newProxyInstance(
            SnapshotTest.class.getClassLoader(),
            new Class<?>[] {ResultSet.class},
            (proxy, method, arguments) -> {
              boolean other = arguments != null && columns.getString("TYPE_NAME").equals(from);
              if (other && arguments[0].equals("TYPE_NAME")) {
                return name;
              }
              if (other && arguments[0].equals("DATA_TYPE")) {
                return type;
              }
              return method.invoke(columns, arguments);
            });
  }

  private Collected secondRead(Connection connection, String base, String... key)
      throws SQLException {
    Feed feed =
        Reads.resolve(
            connection,
            Specs.changeTable("PUBLIC.C").operation("op").key(key).snapshot(base).build());
    Chunk chunk = feed.snapshotChunks(connection, Position.BEGINNING, 10).get(0);
    Resume stopped;
    try (ChunkReader reader = feed.open(connection, chunk, Resume.START, 100)) {
      reader.read(new Collected(feed.layout()), 2);
      stopped = reader.resume();
    }
    Collected read = new Collected(feed.layout());
    try (ChunkReader reader = feed.open(connection, chunk, stopped, 100)) {
      reader.read(read, 2);
    }
    return read;
  }

  @Test
  void an_empty_base_table_gives_no_rows() throws SQLException {
    Feed feed = feed("PUBLIC.B", "id");
    Collected read = new Collected(feed.layout());
    Reads.read(
        h2.connection(), feed, feed.snapshotChunks(h2.connection(), Position.BEGINNING, 10), read);

    assertThat(read.size()).isZero();
  }
}
