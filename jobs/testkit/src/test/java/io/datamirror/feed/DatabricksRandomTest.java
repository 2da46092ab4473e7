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

    int version = 1;
    while (version < UNITS) {
      int units = Math.min(UNITS - version, 1 + random.nextInt(MOST_UNITS_BETWEEN_POLLS));
      List<String> statements = new ArrayList<>();
      for (int i = 0; i < units; i++) {
        statements.add(unit(name, version + i));
      }
      delta.run(statements.toArray(String[]::new));
      version += units;
      for (Mirror mirror : mirrors) {
        if (random.nextBoolean()) {
          mirror.poll();
        }
      }
    }
    List<List<String>> source = delta.run("SELECT * FROM " + name);
    // Nothing enforces keys: with the same one twice this would test something else.
    assertThat(source.stream().map(row -> row.subList(0, 2))).doesNotHaveDuplicates();
    for (Mirror mirror : mirrors) {
      mirror.poll();
      assertThat(mirror.table.rows())
          .as("seed %d, %d readers", SEED, mirror.readers)
          .containsExactlyInAnyOrderElementsOf(source);
    }
    assertThat(Delta.version(mirrors.get(0).last)).isGreaterThanOrEqualTo(version);
  }

  /** A statement that is one commit. */
  private String unit(String name, int version) {
    String some = " WHERE pmod(hash(a, b, " + random.nextInt() + "), 5) = 0";
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 ->
          // A key of its own for each version, since Delta does not see to it.
          "INSERT INTO "
              + name
              + " SELECT id, concat('k', "
              + version
              + "), 'in', "
              + version
              + " FROM range("
              + (1 + random.nextInt(9))
              + ")";
      case 4, 5, 6 -> "UPDATE " + name + " SET n = " + version + ", v = NULL" + some;
      case 7 ->
          "UPDATE " + name + " SET b = concat(b, '+%d'), v = 'moved'".formatted(version) + some;
      case 8 -> "DELETE FROM " + name + some;
      case 9, 10 ->
          "MERGE INTO "
              + name
              + " t USING (SELECT id AS a, concat('k', "
              + (version - 1)
              + ") AS b, 'merged' AS v, "
              + version
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
          version < 4
              ? "OPTIMIZE " + name
              : "RESTORE TABLE " + name + " TO VERSION AS OF " + (version - 1 - random.nextInt(3));
      default -> "ALTER TABLE " + name + " SET TBLPROPERTIES ('version' = '" + version + "')";
    };
  }

  /** Reads with a number of readers; what it must not forget is its position and its table. */
  private final class Mirror {
    private final int readers;
    private final DeltaMirror table = new DeltaMirror("a", "b");
    private Feed feed;
    private Position last;

    Mirror(int readers) throws SQLException {
      this.readers = readers;
      this.feed = delta.feed("t", "a", "b");
    }

    void snapshot() throws Exception {
      last = delta.start(feed);
      read(() -> feed.snapshotChunks(delta.connection(), last, 20));
    }

    void poll() throws Exception {
      if (random.nextInt(4) == 0) {
        // A restart: everything but the position is made anew.
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
        Delta.standin().asked();
        read(() -> feed.chunks(delta.connection(), window, 40));
        String bounds = ", " + (Delta.version(last) + 1) + ", " + Delta.version(window.to()) + ")";
        assertThat(Delta.standin().asked())
            .filteredOn(sql -> sql.contains("table_changes"))
            .allMatch(sql -> sql.contains(bounds));
      }
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
