package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, and a long life of a table whose clock is in the test's hands. */
abstract class VersionedFeedContract extends NativeFeedContract {

  private static final int UNITS = 1_000;

  @Override
  abstract VersionedNativeTable table() throws Exception;

  /** The most that passes between two units. */
  abstract int mostMillis();

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void a_thousand_random_units_end_in_the_sources_own_rows(int parallelism) throws Exception {
    long seed = 20_260_101L + parallelism;
    Random random = new Random(seed);
    try (VersionedNativeTable table = table()) {
      table.insert(0, 300);
      Mirroring mirror = new Mirroring(table.feed(), table.settleMillis(), 60);
      List<Connection> connections = open(table, parallelism);
      mirror.step(connections);
      table.settle();
      mirror.step(connections);
      int restarts = 0;
      int windows = 0;
      for (int unit = 0; unit < UNITS; unit++) {
        RandomUnits.commit(table.items(), random);
        table.later(random.nextInt(mostMillis()));
        if (random.nextInt(20) > 0) {
          continue;
        }
        List<Chunk> chunks = mirror.plan(connections.get(0)).orElse(List.of());
        if (!chunks.isEmpty() && random.nextInt(3) == 0) {
          // Breaks off somewhere in the window; another process begins it again.
          int whole = random.nextInt(chunks.size());
          mirror.read(connections, chunks.subList(0, whole));
          mirror.read(connections.get(0), chunks.get(whole), Resume.START, 1 + random.nextInt(20));
          close(connections);
          connections = open(table, parallelism);
          mirror.restart(table.feed());
          RandomUnits.commit(table.items(), random);
          table.later(random.nextInt(mostMillis()));
          restarts++;
        }
        mirror.read(connections, chunks);
        windows++;
        assertThat(mirror.fold().rows())
            .as("seed %d, unit %d", seed, unit)
            .containsExactlyInAnyOrderElementsOf(table.rowsAt(mirror.last()));
      }
      table.settle();
      while (mirror.step(connections)) {
        windows++;
      }
      assertThat(mirror.fold().rows())
          .containsExactlyInAnyOrderElementsOf(table.rowsAt(mirror.last()));
      assertThat(mirror.fold().conflicts()).isZero();
      assertThat(restarts).isGreaterThan(3);
      assertThat(windows).isGreaterThan(30);
      close(connections);
    }
  }

  private static List<Connection> open(NativeTable table, int count) throws SQLException {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      connections.add(table.connect());
    }
    return connections;
  }

  private static void close(List<Connection> connections) throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
