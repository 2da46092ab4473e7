package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A table that changes at random, in every way that Delta knows, mirrored by readers that poll,
 * break off, start again and read twice at random. {@code -Dmirror.databricks.units=1000} makes it
 * longer, {@code -Dmirror.databricks.seed} another one.
 */
class DatabricksRandomTest {

  private static final int UNITS = Integer.getInteger("mirror.databricks.units", 30);
  private static final long SEED = Long.getLong("mirror.databricks.seed", 20251125L);
  private static final int MOST_UNITS_BETWEEN_POLLS = 12;

  private static Delta delta;

  private final Random random = new Random(SEED);

  @BeforeAll
  static void start() throws SQLException {
    delta = new Delta("random");
  }

  @AfterAll
  static void close() throws SQLException {
    delta.close();
  }

  @Test
  void one_reader_and_two_end_with_the_table_as_it_is() throws Exception {
    delta.create("t", "a BIGINT NOT NULL, b STRING NOT NULL, v STRING, n INT");
    String name = delta.name("t");
    delta.run(
        "INSERT INTO " + name + " SELECT id % 20, concat('f', id), 'first', id FROM range(60)");
    List<Mirror> mirrors = List.of(new Mirror(1), new Mirror(2));
    for (Mirror mirror : mirrors) {
      mirror.snapshot();
    }

    long version = 1;
    int done = 0;
    while (done < UNITS) {
      int units = Math.min(UNITS - done, 1 + random.nextInt(MOST_UNITS_BETWEEN_POLLS));
      List<String> statements = new ArrayList<>();
      for (int i = 0; i < units; i++) {
        statements.add(unit(name, done + i, version));
      }
      delta.run(statements.toArray(String[]::new));
      done += units;
      version = version(name);
      for (Mirror mirror : mirrors) {
        if (random.nextBoolean()) {
          mirror.poll();
        }
        if (random.nextInt(20) == 0) {
          mirror.assertEqual(name);
        }
      }
    }
    for (Mirror mirror : mirrors) {
      mirror.poll();
      assertThat(Delta.version(mirror.last)).isEqualTo(version);
      mirror.assertEqual(name);
    }
    System.out.printf(
        "%d units, %d versions, seed %d: %s%n",
        done, version, SEED, mirrors.stream().map(Mirror::told).toList());
  }

  private static long version(String name) {
    return Long.parseLong(delta.run("DESCRIBE HISTORY " + name + " LIMIT 1").get(0).get(0));
  }

  /**
   * A statement that is one commit, or none if it finds nothing to do.
   *
   * @param number makes its keys unlike all others, since Delta does not see to it
   * @param version one that there is
   */
  private String unit(String name, int number, long version) {
    String some = " WHERE pmod(hash(a, b, " + random.nextInt() + "), 5) = 0";
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 ->
          "INSERT INTO "
              + name
              + " SELECT id, concat('k', "
              + number
              + "), 'in', "
              + number
              + " FROM range("
              + (1 + random.nextInt(9))
              + ")";
      case 4, 5, 6 -> "UPDATE " + name + " SET n = " + number + ", v = NULL" + some;
      case 7 ->
          "UPDATE " + name + " SET b = concat(b, '+%d'), v = 'moved'".formatted(number) + some;
      case 8 -> "DELETE FROM " + name + some;
      case 9, 10 ->
          "MERGE INTO "
              + name
              + " t USING (SELECT id AS a, concat('k', "
              + (number - 1)
              + ") AS b, 'merged' AS v, "
              + number
              + " AS n FROM range(4)) s ON s.a = t.a AND s.b"
              + " = t.b WHEN MATCHED AND s.a = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET * WHEN"
              + " NOT MATCHED THEN INSERT * WHEN NOT MATCHED BY SOURCE AND pmod(hash(t.b), 7) = 0"
              + " THEN DELETE";
      case 11 ->
          random.nextInt(4) == 0
              ? "TRUNCATE TABLE " + name
              : "INSERT OVERWRITE "
                  + name
                  + " SELECT a, b, 'over', n FROM "
                  + name
                  + " WHERE pmod(a, 3) > 0";
      case 12 ->
          "RESTORE TABLE " + name + " TO VERSION AS OF " + Math.max(1, version - random.nextInt(4));
      default -> "ALTER TABLE " + name + " SET TBLPROPERTIES ('unit' = '" + number + "')";
    };
  }

  /** Reads with a number of readers; what it must not forget is its position and its table. */
  private final class Mirror {
    private final int readers;
    private final DeltaMirror table = new DeltaMirror("a", "b");
    private Feed feed;
    private Position last;
    private int windows;
    private int restarts;
    private int repeated;
    private int compared;

    Mirror(int readers) throws SQLException {
      this.readers = readers;
      this.feed = delta.feed("t", "a", "b");
    }

    /** Compares with the table as it was at the position. */
    void assertEqual(String name) {
      List<List<String>> source =
          delta.run("SELECT * FROM " + name + " VERSION AS OF " + Delta.version(last));
      // Nothing enforces keys: with the same one twice this would test something else.
      assertThat(source.stream().map(row -> row.subList(0, 2))).doesNotHaveDuplicates();
      assertThat(table.rows())
          .as("seed %d, %d readers, version %d", SEED, readers, Delta.version(last))
          .containsExactlyInAnyOrderElementsOf(source);
      compared++;
    }

    String told() {
      return "%d readers: %d windows, %d restarts, %d read twice, %d comparisons, %d rows"
          .formatted(readers, windows, restarts, repeated, compared, table.rows().size());
    }

    void snapshot() throws Exception {
      last = delta.start(feed);
      read(() -> feed.snapshotChunks(delta.connection(), last, 20));
    }

    void poll() throws Exception {
      if (random.nextInt(4) == 0) {
        // A restart: everything but the position is made anew.
        restarts++;
        feed = delta.feed("t", "a", "b");
        last = new Position(last.text());
      }
      var next = Reads.next(delta.connection(), feed, last);
      if (next.isEmpty()) {
        return;
      }
      Window window = next.get();
      read(() -> feed.chunks(delta.connection(), window, 40));
      if (random.nextInt(5) == 0) {
        // A failure before the position was stored: the same window again, to the letter.
        repeated++;
        Delta.standin().asked();
        read(() -> feed.chunks(delta.connection(), window, 40));
        String bounds = ", " + (Delta.version(last) + 1) + ", " + Delta.version(window.to()) + ")";
        assertThat(Delta.standin().asked())
            .filteredOn(sql -> sql.contains("table_changes"))
            .allMatch(sql -> sql.contains(bounds));
      }
      windows++;
      last = window.to();
    }

    private interface Planned {
      List<Chunk> chunks() throws SQLException;
    }

    private void read(Planned planned) throws Exception {
      List<Chunk> chunks = new ArrayList<>(planned.chunks());
      Collections.shuffle(chunks, random);
      ExecutorService threads = Executors.newFixedThreadPool(readers);
      try {
        List<Future<Collected>> parts = new ArrayList<>();
        for (Chunk chunk : chunks) {
          boolean broken = random.nextInt(4) == 0;
          parts.add(threads.submit(() -> read(chunk, broken)));
        }
        for (Future<Collected> part : parts) {
          table.apply(part.get());
        }
      } finally {
        threads.shutdownNow();
      }
    }

    /** Reads a chunk; a broken reading goes on with another connection, from where it was. */
    private Collected read(Chunk chunk, boolean broken) throws SQLException {
      Collected changes = new Collected(feed.layout());
      Resume resume = Resume.START;
      try (Connection connection = Delta.connect()) {
        if (broken) {
          try (ChunkReader reader = feed.open(connection, chunk, resume, 100)) {
            reader.read(changes, 7);
            resume = reader.resume();
          }
        }
        try (ChunkReader reader = feed.open(connection, chunk, resume, 100)) {
          reader.read(changes, Reads.MANY);
        }
      }
      return changes;
    }
  }
}
