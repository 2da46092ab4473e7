package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.Operation;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.record.SourceRecord;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows of a base table beside the records of a topic. */
class RecordSnapshotTest {

  private static final Map<String, ColumnType> PLACES =
      Map.of(
          "_offset",
          ColumnType.of(Kind.LONG),
          "_record_time",
          ColumnType.of(Kind.TIMESTAMP_WITH_ZONE));

  private final H2 h2 =
      new H2(
          "CREATE TABLE ITEMS (\"id\" INT NOT NULL PRIMARY KEY, \"v\" NUMERIC(9, 1), \"name\" VARCHAR(9),"
              + " \"more\" INT)",
          "INSERT INTO ITEMS VALUES (1, 5, 'one', 0), (2, 1.5, 'two', 0), (3, NULL, 'three', 0)",
          "CREATE TABLE LOOSE (\"id\" INT, \"V\" INT, \"name\" DATE)");

  @AfterEach
  void close() throws SQLException {
    h2.close();
  }

  private static TableSpec spec(String keys) {
    return SpecReader.read(
            """
            mirror: shop
            source:
              type: kafka
              bootstrap-servers: localhost:9092
              snapshot: { type: jdbc, url: "jdbc:h2:mem:unused" }
            lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
            tables:
              - name: items
                source: items
                format: json
                primary-key: [id]
            """
                + keys)
        .tables()
        .get(0);
  }

  private RecordSnapshot resolve(TableSpec spec, RecordTable records) throws SQLException {
    Map<String, Long> places = new HashMap<>();
    places.put("_offset", -1L);
    places.put("_record_time", null);
    return RecordSnapshot.resolve(h2.connection(), spec, records, places);
  }

  private Collected rows(RecordSnapshot snapshot, RecordTable records) throws SQLException {
    Collected rows = new Collected(records.layout());
    for (Chunk chunk : snapshot.chunks(h2.connection(), 2)) {
      try (ChunkReader reader = snapshot.open(h2.connection(), chunk, Resume.START, 100)) {
        reader.read(rows, 100);
      }
    }
    return rows;
  }

  private static String rank(
      RecordTable records, Operation operation, Map<String, Object> values, long offset) {
    Collected changes = new Collected(records.layout());
    records
        .decoder(changes)
        .deliver(
            new SourceRecord(operation, values),
            "here",
            Map.of("_offset", offset, "_record_time", OffsetDateTime.now()));
    return changes.changes().get(0).rank();
  }

  @Test
  void a_row_ranks_below_every_record_where_offsets_are_versions() throws SQLException {
    TableSpec spec = spec("    snapshot: PUBLIC.ITEMS\n    schema: { id: long, name: string }\n");
    RecordTable records = RecordTable.resolve(spec, PLACES);
    Collected rows = rows(resolve(spec, records), records);

    assertThat(rows.values("name")).containsExactly("one", "two", "three");
    assertThat(rows.values("_offset")).containsOnly(-1L);
    String row = rows.changes().get(0).rank();
    assertThat(row).isLessThan(rank(records, Operation.UPSERT, Map.of("id", 1, "name", "o"), 0));
    assertThat(row).isLessThan(rank(records, Operation.DELETE, Map.of("id", 1), 0));
  }

  @Test
  void a_padded_text_is_what_its_records_have() throws SQLException {
    h2.run(
        "CREATE TABLE NATIONS (\"id\" CHAR(4) NOT NULL PRIMARY KEY, \"name\" CHAR(5))",
        "INSERT INTO NATIONS VALUES ('A1', 'one')");
    TableSpec spec =
        spec("    snapshot: PUBLIC.NATIONS\n    schema: { id: string, name: string }\n");
    RecordTable records = RecordTable.resolve(spec, PLACES);
    Collected rows = rows(resolve(spec, records), records);

    assertThat(rows.values("id")).containsExactly("A1  ");
    assertThat(rows.values("name")).containsExactly("one  ");
  }

  @Test
  void versions_decide_before_offsets_do() throws SQLException {
    TableSpec spec =
        spec(
            """
                snapshot: PUBLIC.ITEMS
                version: [v]
                schema: { id: long, v: long, name: string }
            """);
    RecordTable records = RecordTable.resolve(spec, PLACES);
    Collected rows = rows(resolve(spec, records), records);

    assertThat(rows.values("v")).containsExactly(5L);
    assertThat(rows.rejected()).as("1.5 is no whole number, and NULL no version").hasSize(2);
    String row = rows.changes().get(0).rank();
    assertThat(row)
        .isGreaterThan(rank(records, Operation.UPSERT, Map.of("id", 1, "v", 4), 1_000))
        .isLessThan(rank(records, Operation.UPSERT, Map.of("id", 1, "v", 5), 0))
        .isLessThan(rank(records, Operation.DELETE, Map.of("id", 1, "v", 5), 0));
  }

  @Test
  void rows_can_be_compared_without_their_places() throws SQLException {
    TableSpec spec = spec("    snapshot: PUBLIC.ITEMS\n    schema: { id: long, name: string }\n");
    RecordTable records = RecordTable.resolve(spec, PLACES).withoutStoring(PLACES.keySet());
    RecordSnapshot snapshot =
        resolve(spec, RecordTable.resolve(spec, PLACES)).withoutStoring(PLACES.keySet());

    assertThat(rows(snapshot, records).rows().get(0)).containsOnlyKeys("id", "name");
  }

  @Test
  void all_that_does_not_fit_is_said_at_once() {
    TableSpec spec =
        spec(
            """
                snapshot: PUBLIC.LOOSE
                version: [v]
                schema: { id: long, v: long, name: long, gone: date }
            """);
    RecordTable records = RecordTable.resolve(spec, PLACES);

    assertThat(problems(spec, records))
        .containsExactlyInAnyOrder(
            "MIRROR-1024 items.v (line 8): the snapshot table PUBLIC.LOOSE has no such column. Did"
                + " you mean V? Upper and lower case count. Add the column, take it out of schema:,"
                + " or take snapshot: out.",
            "MIRROR-1024 items.gone (line 8): the snapshot table PUBLIC.LOOSE has no such column."
                + " Add the column, take it out of schema:, or take snapshot: out.",
            "MIRROR-1026 items.name (line 8): its type DATE in PUBLIC.LOOSE cannot become"
                + " long. Declare another type in schema:, or take snapshot: out.",
            "MIRROR-1021 items.id (line 8): a key column of the snapshot table PUBLIC.LOOSE may hold"
                + " NULL. Declare it NOT NULL in the source.");
  }

  @Test
  void an_array_is_not_what_its_records_have() throws SQLException {
    h2.run(
        "CREATE TABLE LISTS (\"id\" INT NOT NULL PRIMARY KEY, \"tags\" INT ARRAY)",
        "INSERT INTO LISTS VALUES (1, ARRAY[1, 2])");
    String keys = "    snapshot: PUBLIC.LISTS\n    schema: { id: long, tags: string }\n";
    TableSpec spec = spec(keys);
    TableSpec without = spec(keys + "    columns: { exclude: [tags] }\n");

    assertThat(problems(spec, RecordTable.resolve(spec, PLACES)))
        .containsExactly(
            "MIRROR-1026 items.tags (line 8): what PUBLIC.LISTS gives for its type INTEGER ARRAY"
                + " is not what records have. Exclude the column, or take snapshot: out.");
    RecordTable records = RecordTable.resolve(without, PLACES);
    assertThat(rows(resolve(without, records), records).values("id")).containsExactly(1L);
  }

  @Test
  void a_base_table_that_is_not_there_is_said() {
    TableSpec spec = spec("    snapshot: PUBLIC.items\n    schema: { id: long }\n");

    assertThat(problems(spec, RecordTable.resolve(spec, PLACES)))
        .containsExactly(
            "MIRROR-1025 items (line 8): the source has no table PUBLIC.items that this user may"
                + " see. Write the name exactly as the database stores it, with its schema, upper"
                + " and lower case included.");
  }

  private List<String> problems(TableSpec spec, RecordTable records) {
    return catchThrowableOfType(ProblemsException.class, () -> resolve(spec, records))
        .problems()
        .stream()
        .map(Problem::text)
        .toList();
  }
}
