package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.lake.LakeKeys;
import io.datamirror.resolve.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The columns of the source change while the mirror runs. */
class SchemaChangesTest {
  private static final int SEQUENCES = 200;
  private static final int STEPS = 14;

  private static final String ORDERS =
      """
        - name: orders
          source: PUBLIC.ORDERS_CHANGES
          feed: change-table
          primary-key: [ID]
          version: [REV]
          operation: OP
          cursor: SEQ
          columns: { exclude: [SEQ] }
      """;

  private static final String CREATE =
      """
      CREATE TABLE ORDERS_CHANGES (SEQ BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        OP VARCHAR(1), ID INTEGER NOT NULL, REV BIGINT NOT NULL, NOTE VARCHAR, AMOUNT INTEGER,
        PRICE DECIMAL(6, 2))""";

  private static final String WITH_BASE = ORDERS + "    snapshot: PUBLIC.ORDERS\n";

  private static final String CREATE_BASE =
      """
      CREATE TABLE ORDERS (ID INTEGER PRIMARY KEY, REV BIGINT NOT NULL, NOTE VARCHAR,
        AMOUNT INTEGER, PRICE DECIMAL(6, 2))""";

  private static final String CURRENT =
      """
      SELECT * FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY ID ORDER BY REV DESC) AS PLACE
      FROM ORDERS_CHANGES c) WHERE PLACE = 1 AND OP = 'u'""";

  @Test
  void a_new_column_is_added_without_a_restart_and_without_a_lost_value() throws Exception {
    try (SchemaRun run = new SchemaRun("added", ORDERS, CREATE)) {
      run.sql(insert(1, 1, "NOTE", "'old'"));
      run.read();
      run.sql(
          "ALTER TABLE ORDERS_CHANGES ADD COLUMN CITY VARCHAR BEFORE NOTE",
          insert(2, 1, "CITY", "'Bern'"),
          insert(1, 2, "CITY", "'Rome'"));
      run.read();
      run.commit();

      assertThat(run.columns("orders"))
          .containsExactlyInAnyOrderEntriesOf(
              java.util.Map.of(
                  "ID",
                  "int",
                  "REV",
                  "long",
                  "NOTE",
                  "string",
                  "AMOUNT",
                  "int",
                  "PRICE",
                  "decimal(6, 2)",
                  "CITY",
                  "string"));
      assertThat(run.lake("orders")).isEqualTo(expected(run));
      assertThat(run.lake("orders").get("2")).containsEntry("CITY", "Bern");
    }
  }

  @Test
  void a_base_table_is_seen_anew_when_a_column_came_after_the_moment_that_it_would_be_read_of()
      throws Exception {
    try (SchemaRun run = new SchemaRun("pinned", WITH_BASE, CREATE, CREATE_BASE)) {
      run.startPinned();
      run.sql(
          "ALTER TABLE ORDERS ADD COLUMN CITY VARCHAR",
          "ALTER TABLE ORDERS_CHANGES ADD COLUMN CITY VARCHAR",
          "INSERT INTO ORDERS (ID, REV, CITY) VALUES (1, 1, 'Bern')",
          insert(1, 1, "CITY", "'Bern'"));
      run.read();
      run.commit();

      assertThat(run.askedForSnapshots())
          .extracting(Question.PlanSnapshot::arity, asked -> asked.seen() == null)
          .containsExactly(tuple(5, true), tuple(6, true));
      assertThat(run.lake("orders")).isEqualTo(expected(run)).containsOnlyKeys("1");
    }
  }

  @Test
  void a_base_table_of_one_moment_is_not_read_when_a_column_of_the_mirror_is_gone()
      throws Exception {
    try (SchemaRun run = new SchemaRun("pinnedGone", WITH_BASE, CREATE, CREATE_BASE)) {
      run.startPinned();
      run.sql(
          "INSERT INTO ORDERS (ID, REV, NOTE) VALUES (1, 1, 'old')",
          insert(1, 1, "NOTE", "'old'"),
          "ALTER TABLE ORDERS_CHANGES DROP COLUMN NOTE");
      assertThat(run.readSome(1)).isFalse();
      assertThat(run.refused("orders").orElseThrow().text())
          .startsWith("MIRROR-2008 orders.NOTE: ");
    }
  }

  @Test
  void rows_that_come_again_after_a_new_column_are_not_written_again() throws Exception {
    try (SchemaRun run = new SchemaRun("again", ORDERS, CREATE)) {
      run.sql(insert(1, 1, "NOTE", "'a'"), insert(2, 1, "NOTE", "'b'"));
      run.read();
      run.commit();
      Counts before = run.counted("orders");
      List<String> files = run.files("orders");

      run.sql(
          "ALTER TABLE ORDERS_CHANGES ADD COLUMN CITY VARCHAR BEFORE NOTE",
          "INSERT INTO ORDERS_CHANGES (OP, ID, REV, NOTE) SELECT OP, ID, REV, NOTE FROM"
              + " ORDERS_CHANGES");
      run.read();
      run.commit();
      Counts after = run.counted("orders");

      assertThat(after.noOps() - before.noOps()).isEqualTo(2);
      assertThat(after.upserts()).isEqualTo(before.upserts());
      assertThat(after.conflicts()).isZero();
      assertThat(run.columns("orders")).containsKey("CITY");
      assertThat(run.files("orders")).as("no file was written").isEqualTo(files);

      run.startFromCheckpoint();
      run.sql(
          "INSERT INTO ORDERS_CHANGES (OP, ID, REV, NOTE) SELECT DISTINCT OP, ID, REV, NOTE FROM"
              + " ORDERS_CHANGES");
      run.read();
      run.commit();
      assertThat(run.counted("orders").upserts()).as("after a restart").isEqualTo(before.upserts());
      assertThat(run.counted("orders").conflicts()).isZero();
      assertThat(run.files("orders")).isEqualTo(files);

      run.sql(
          "INSERT INTO ORDERS_CHANGES (OP, ID, REV, NOTE, CITY) SELECT DISTINCT OP, ID, REV + 1, NOTE,"
              + " 'Bern' FROM ORDERS_CHANGES WHERE ID = 1");
      run.read();
      run.commit();
      assertThat(run.files("orders"))
          .as("a value in the new column is written")
          .isNotEqualTo(files);
    }
  }

  @Test
  void a_type_that_holds_more_is_followed() throws Exception {
    try (SchemaRun run = new SchemaRun("widened", ORDERS, CREATE)) {
      run.sql(insert(1, 1, "AMOUNT, PRICE", "-7, -12.5"), insert(2, 1, "AMOUNT", "8"));
      run.readSome(1);
      run.sql(
          "ALTER TABLE ORDERS_CHANGES ALTER COLUMN AMOUNT SET DATA TYPE BIGINT",
          "ALTER TABLE ORDERS_CHANGES ALTER COLUMN PRICE SET DATA TYPE DECIMAL(30, 2)",
          insert(2, 2, "AMOUNT, PRICE", "5000000000, 12345678901234567890.25"));
      run.read();
      run.commit();

      assertThat(run.columns("orders"))
          .containsEntry("AMOUNT", "long")
          .containsEntry("PRICE", "decimal(30, 2)");
      assertThat(run.lake("orders")).isEqualTo(expected(run));
    }
  }

  @Test
  void a_dropped_a_narrowed_and_a_key_column_stop_their_table_and_no_other() throws Exception {
    String tables = ORDERS + ORDERS.replace("orders", "others").replace("ORDERS_", "OTHERS_");
    for (String change :
        List.of(
            "DROP COLUMN NOTE",
            "ALTER COLUMN PRICE SET DATA TYPE DECIMAL(4, 2)",
            "ALTER COLUMN ID SET DATA TYPE BIGINT",
            "ALTER COLUMN REV SET DATA TYPE DECIMAL(20, 0)")) {
      String name = "stopped" + change.hashCode();
      try (SchemaRun run =
          new SchemaRun(name, tables, CREATE, CREATE.replace("ORDERS", "OTHERS"))) {
        run.sql(
            insert(1, 1, "AMOUNT", "1"), insert(1, 1, "AMOUNT", "1").replace("ORDERS", "OTHERS"));
        run.read();
        run.sql(
            "ALTER TABLE ORDERS_CHANGES " + change,
            insert(2, 1, "AMOUNT", "2"),
            insert(2, 1, "AMOUNT", "2").replace("ORDERS", "OTHERS"));
        run.read();
        run.commit();

        Problem problem = run.refused("orders").orElseThrow();
        assertThat(problem.code())
            .as(change)
            .isIn(ErrorCode.COLUMN_VANISHED, ErrorCode.COLUMN_CHANGED);
        assertThat(run.table("orders").properties())
            .containsEntry(LakeKeys.STOPPED, problem.text());
        assertThat(run.refused("others")).isEmpty();
        assertThat(run.lake("orders")).containsOnlyKeys("1");
        assertThat(run.lake("others")).containsOnlyKeys("1", "2");
      }
    }
  }

  @Test
  void a_time_that_is_read_but_not_stored_stops_its_table_when_it_becomes_another_type()
      throws Exception {
    String tables = ORDERS.replace("exclude: [SEQ] }", "exclude: [SEQ, AT] }\n    timestamp: AT");
    String create = CREATE.replace("PRICE DECIMAL(6, 2)", "PRICE DECIMAL(6, 2), AT TIMESTAMP");
    try (SchemaRun run = new SchemaRun("unstored", tables, create)) {
      run.sql(insert(1, 1, "AT", "TIMESTAMP '2024-01-01 00:00:00'"));
      run.read();
      run.sql(
          "ALTER TABLE ORDERS_CHANGES ALTER COLUMN AT SET DATA TYPE TIMESTAMP WITH TIME ZONE",
          insert(2, 1, "AT", "TIMESTAMP WITH TIME ZONE '2024-01-01 00:00:01+00:00'"));
      run.read();

      assertThat(run.refused("orders").orElseThrow().text())
          .contains("MIRROR-4051 orders.AT: its type was timestamp and is");
    }
  }

  @Test
  void a_new_column_that_the_lake_does_not_take_stops_its_table_and_no_other() throws Exception {
    String tables =
        ORDERS
            + "    partition-by: [\"bucket(4, ID)\"]\n"
            + ORDERS.replace("orders", "others").replace("ORDERS_", "OTHERS_");
    try (SchemaRun run =
        new SchemaRun("names", tables, CREATE, CREATE.replace("ORDERS", "OTHERS"))) {
      run.sql(insert(1, 1, "AMOUNT", "1"), insert(1, 1, "AMOUNT", "1").replace("ORDERS", "OTHERS"));
      run.read();
      for (String name : List.of("ID_bucket", "_deleted", "note")) {
        run.sql(
            "ALTER TABLE ORDERS_CHANGES ADD COLUMN \"" + name + "\" INTEGER",
            insert(2, 1, "AMOUNT", "2"),
            insert(2, 1, "AMOUNT", "2").replace("ORDERS", "OTHERS"));
        run.read();
        run.commit();

        Problem problem = run.refused("orders").orElseThrow();
        assertThat(problem.code()).isIn(ErrorCode.BAD_NAME, ErrorCode.CONTRADICTION);
        assertThat(problem.text()).contains(name);
        assertThat(run.table("orders").properties())
            .containsEntry(LakeKeys.STOPPED, problem.text());
        assertThat(run.refused("others")).isEmpty();
        assertThat(run.lake("orders")).containsOnlyKeys("1");
        assertThat(run.lake("others")).containsOnlyKeys("1", "2");
        run.sql("ALTER TABLE ORDERS_CHANGES DROP COLUMN \"" + name + "\"");
      }
      run.read();
      run.commit();
      assertThat(run.refused("orders")).isEmpty();
      assertThat(run.lake("orders")).containsOnlyKeys("1", "2");
    }
  }

  @Test
  void a_table_goes_on_when_its_column_is_back() throws Exception {
    try (SchemaRun run = new SchemaRun("back", ORDERS, CREATE)) {
      run.sql(insert(1, 1, "NOTE", "'a'"));
      run.read();
      run.sql("ALTER TABLE ORDERS_CHANGES DROP COLUMN NOTE", insert(2, 1, "AMOUNT", "2"));
      run.read();
      assertThat(run.refused("orders")).isPresent();
      run.sql("ALTER TABLE ORDERS_CHANGES ADD COLUMN NOTE VARCHAR", insert(3, 1, "NOTE", "'c'"));
      run.read();
      run.commit();

      assertThat(run.refused("orders")).isEmpty();
      assertThat(run.table("orders").properties()).doesNotContainKey(LakeKeys.STOPPED);
      assertThat(run.lake("orders")).containsOnlyKeys("1", "2", "3");
    }
  }

  @Test
  void a_table_whose_changes_were_cleaned_up_while_it_was_stopped_does_not_go_on()
      throws Exception {
    try (SchemaRun run = new SchemaRun("cleaned", ORDERS, CREATE)) {
      run.sql(insert(1, 1, "NOTE", "'a'"));
      run.read();
      run.sql("ALTER TABLE ORDERS_CHANGES DROP COLUMN NOTE", insert(2, 1, "AMOUNT", "2"));
      run.read();
      assertThat(run.refused("orders")).isPresent();
      run.sql(
          insert(3, 1, "AMOUNT", "3"),
          "DELETE FROM ORDERS_CHANGES WHERE ID < 3",
          "ALTER TABLE ORDERS_CHANGES ADD COLUMN NOTE VARCHAR");

      assertThatThrownBy(run::read)
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith(
              "MIRROR-2009 PUBLIC.ORDERS_CHANGES: every row up to where it was");
    }
  }

  @Test
  void a_column_that_goes_while_its_window_is_read_stops_its_table_and_loses_nothing()
      throws Exception {
    String tables = ORDERS + ORDERS.replace("orders", "others").replace("ORDERS_", "OTHERS_");
    try (SchemaRun run =
        new SchemaRun("vanished", tables, CREATE, CREATE.replace("ORDERS", "OTHERS"))) {
      run.sql(insert(1, 1, "NOTE", "'a'"), insert(1, 1, "NOTE", "'a'").replace("ORDERS", "OTHERS"));
      run.plan();
      run.sql("ALTER TABLE ORDERS_CHANGES DROP COLUMN NOTE");
      run.read();
      run.commit();
      assertThat(run.refused("orders").orElseThrow().text())
          .startsWith("MIRROR-2008 orders.NOTE: ");
      assertThat(run.lake("orders")).isEmpty();
      assertThat(run.lake("others")).containsOnlyKeys("1");

      run.failOver();
      run.sql(insert(2, 1, "NOTE", "'b'").replace("ORDERS", "OTHERS"));
      run.read();
      assertThat(run.refused("orders")).as("after a restart").isPresent();
      run.sql("ALTER TABLE ORDERS_CHANGES ADD COLUMN NOTE VARCHAR");
      run.read();
      run.commit();
      assertThat(run.refused("orders")).isEmpty();
      assertThat(run.lake("orders")).containsOnlyKeys("1");
      assertThat(run.lake("others")).containsOnlyKeys("1", "2");
    }
  }

  @Test
  void with_ignore_new_columns_stay_out_and_with_stop_they_stop_the_table() throws Exception {
    String add = "ALTER TABLE ORDERS_CHANGES ADD COLUMN CITY VARCHAR";
    try (SchemaRun run = new SchemaRun("ignored", policy("ignore"), CREATE)) {
      run.sql(insert(1, 1, "NOTE", "'a'"));
      run.read();
      run.sql(
          add,
          "ALTER TABLE ORDERS_CHANGES ADD COLUMN AREA GEOMETRY",
          "ALTER TABLE ORDERS_CHANGES ADD COLUMN \"_deleted\" VARCHAR",
          insert(2, 1, "CITY", "'b'"));
      run.read();
      run.commit();
      assertThat(run.columns("orders")).doesNotContainKeys("CITY", "AREA", "_deleted");
      assertThat(run.lake("orders")).containsOnlyKeys("1", "2");
    }
    try (SchemaRun run = new SchemaRun("told", policy("stop"), CREATE)) {
      run.sql(insert(1, 1, "NOTE", "'a'"));
      run.read();
      run.sql(add, insert(2, 1, "CITY", "'b'"));
      run.read();
      run.commit();
      assertThat(run.refused("orders").orElseThrow().text())
          .startsWith(
              "MIRROR-2011 orders: the columns of PUBLIC.ORDERS_CHANGES changed: CITY is new.");
      assertThat(run.lake("orders")).containsOnlyKeys("1");
    }
  }

  @Test
  void with_ignore_a_start_goes_on_with_the_columns_that_the_lake_has() throws Exception {
    try (SchemaRun run = new SchemaRun("kept", policy("ignore"), CREATE)) {
      run.sql(insert(1, 1, "NOTE, AMOUNT", "'a', 1"));
      run.read();
      run.commit();
      Map<String, String> columns = run.columns("orders");
      run.sql(
          "ALTER TABLE ORDERS_CHANGES ADD COLUMN CITY VARCHAR BEFORE NOTE",
          "ALTER TABLE ORDERS_CHANGES ALTER COLUMN AMOUNT SET DATA TYPE BIGINT",
          "ALTER TABLE ORDERS_CHANGES ALTER COLUMN PRICE SET DATA TYPE DECIMAL(30, 2)",
          insert(2, 1, "CITY, AMOUNT", "'Bern', 2"),
          insert(3, 1, "AMOUNT", "5000000000"),
          insert(4, 1, "PRICE", "12345.25"));
      run.start();
      run.read();
      run.commit();

      assertThat(run.columns("orders")).isEqualTo(columns);
      assertThat(run.lake("orders")).containsOnlyKeys("1", "2");
      assertThat(run.lake("orders").get("2")).containsEntry("AMOUNT", "2");

      run.sql("ALTER TABLE ORDERS_CHANGES DROP COLUMN CITY", insert(5, 1, "NOTE", "'e'"));
      run.read();
      run.commit();
      assertThat(run.lake("orders")).as("what is ignored may go").containsOnlyKeys("1", "2", "5");
    }
  }

  /**
   * Changes of rows and of columns in random order; the job dies and goes on from its checkpoint,
   * from a savepoint or from the lake; in the end lake and source are equal.
   */
  @Test
  void random_sequences_of_changes_end_equal_to_the_source() throws Exception {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      try (SchemaRun run = new SchemaRun("random" + seed, ORDERS, CREATE)) {
        Sequence sequence = new Sequence(run, new Random(seed));
        List<String> story = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
          story.add(sequence.step());
        }
        run.read();
        run.commit();
        assertThat(run.lake("orders")).as("seed %d: %s", seed, story).isEqualTo(expected(run));
        assertThat(run.refused("orders")).as("seed %d", seed).isEmpty();
      }
    }
  }

  /** Takes random steps. */
  private static final class Sequence {
    private final SchemaRun run;
    private final Random random;
    private final List<String> columns = new ArrayList<>(List.of("NOTE", "AMOUNT", "PRICE"));
    private long revision = 1;
    private boolean wideAmount;
    private int pricePrecision = 6;

    Sequence(SchemaRun run, Random random) {
      this.run = run;
      this.random = random;
    }

    String step() throws Exception {
      switch (random.nextInt(14)) {
        case 0, 1, 2, 3 -> {
          return change();
        }
        case 4 -> {
          return addColumn();
        }
        case 5 -> {
          return widen();
        }
        case 6 -> {
          run.sql(
              "INSERT INTO ORDERS_CHANGES (OP, ID, REV, "
                  + String.join(", ", columns)
                  + ") SELECT OP, ID, REV, "
                  + String.join(", ", columns)
                  + " FROM ORDERS_CHANGES WHERE SEQ <= 5");
          return "again";
        }
        case 7 -> {
          run.readSome(1 + random.nextInt(2));
          return "read some";
        }
        case 8 -> {
          run.read();
          return "read";
        }
        case 9 -> {
          run.flush();
          return "flush";
        }
        case 10 -> {
          run.checkpoint();
          run.failOver();
          return "checkpoint and die";
        }
        case 11 -> {
          run.commit();
          return "commit";
        }
        case 12 -> {
          run.failOver();
          return "die";
        }
        default -> {
          if (random.nextBoolean()) {
            run.commit();
            run.start();
            return "from the lake";
          }
          run.startFromCheckpoint();
          return "from a savepoint";
        }
      }
    }

    private String change() throws Exception {
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        int id = random.nextInt(6);
        if (random.nextInt(5) == 0) {
          run.sql(
              "INSERT INTO ORDERS_CHANGES (OP, ID, REV) VALUES ('d', %d, %d)"
                  .formatted(id, revision++));
        } else {
          List<String> values = columns.stream().map(this::value).toList();
          run.sql(insert(id, revision++, String.join(", ", columns), String.join(", ", values)));
        }
      }
      return count + " changes";
    }

    private String value(String column) {
      if (random.nextInt(4) == 0) {
        return "NULL";
      }
      return switch (column) {
        case "AMOUNT" -> String.valueOf(wideAmount ? random.nextLong() : random.nextInt());
        case "PRICE" ->
            pricePrecision > 6 ? "-1234567.25" : String.valueOf(random.nextInt(9_999) - 5_000);
        default -> "'" + Long.toString(random.nextLong(), 36) + "'";
      };
    }

    private String addColumn() throws Exception {
      String column = "EXTRA" + columns.size();
      String place = random.nextBoolean() ? "" : " BEFORE NOTE";
      run.sql("ALTER TABLE ORDERS_CHANGES ADD COLUMN " + column + " VARCHAR" + place);
      columns.add(column);
      return "add " + column + place;
    }

    private String widen() throws Exception {
      if (!wideAmount && random.nextBoolean()) {
        run.sql("ALTER TABLE ORDERS_CHANGES ALTER COLUMN AMOUNT SET DATA TYPE BIGINT");
        wideAmount = true;
        return "widen AMOUNT";
      }
      pricePrecision += 7;
      if (pricePrecision > 34) {
        return "nothing";
      }
      run.sql(
          "ALTER TABLE ORDERS_CHANGES ALTER COLUMN PRICE SET DATA TYPE DECIMAL("
              + pricePrecision
              + ", 2)");
      return "widen PRICE";
    }
  }

  private static java.util.Map<String, java.util.Map<String, String>> expected(SchemaRun run)
      throws Exception {
    var rows = run.source(CURRENT);
    rows.values().forEach(row -> row.keySet().removeAll(List.of("SEQ", "OP", "PLACE")));
    return rows;
  }

  private static String policy(String policy) {
    return ORDERS + "    on-schema-change: " + policy + "\n";
  }

  private static String insert(int id, long revision, String columns, String values) {
    return "INSERT INTO ORDERS_CHANGES (OP, ID, REV, %s) VALUES ('u', %d, %d, %s)"
        .formatted(columns, id, revision, values);
  }
}
