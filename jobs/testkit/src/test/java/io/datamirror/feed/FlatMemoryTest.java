package io.datamirror.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.testkit.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * One window of many rows is read by a process whose heap could hold a small part of it.
 *
 * <p>{@code -Dmirror.window.rows=10000000} makes it ten million.
 */
class FlatMemoryTest {

  private static final int ROWS = Integer.getInteger("mirror.window.rows", 1_000_000);
  private static final int BYTES_PER_ROW = 200;
  private static final String HEAP = "-Xmx40m";

  @Test
  void a_window_larger_than_the_heap_is_read() throws Exception {
    String url = EmbeddedPostgres.shared().newDatabase();
    try (Connection connection = EmbeddedPostgres.shared().connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE UNLOGGED TABLE c AS SELECT i AS seq, i AS id, 1::bigint AS v, repeat('x', "
              + BYTES_PER_ROW
              + ") AS note FROM generate_series(1::bigint, "
              + ROWS
              + ") i");
    }

    assertThat(inSmallProcess(url))
        .isEqualTo(
            "%d changes, %d bytes, %d rejected".formatted(ROWS, (long) ROWS * BYTES_PER_ROW, 0));
  }

  private static String inSmallProcess(String url) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Reading.class.getName(), url));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return said.substring(said.lastIndexOf('\n') + 1);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What the small process does: one reader, one chunk, the product's own batches. */
  static final class Reading {

    private static final int BATCH_ROWS = 1_000;
    private static final int FETCH_SIZE = 1_000;

    private Reading() {}

    public static void main(String[] arguments) throws SQLException {
      SourceSpec source = Specs.source(arguments[0], "postgres", "", Map.of());
      try (Connection connection =
          Connections.to(source, SecretSource.ofProcess(), text -> {}).open()) {
        Feed feed = FeedFactory.resolve(connection, source, Specs.changeTable("public.c").build());
        Window window = Reads.next(connection, feed, Position.BEGINNING).orElseThrow();
        Tally tally = new Tally();
        for (Chunk chunk : feed.chunks(connection, window, Long.MAX_VALUE)) {
          try (ChunkReader reader = feed.open(connection, chunk, Resume.START, FETCH_SIZE)) {
            while (reader.read(tally, BATCH_ROWS) == BATCH_ROWS) {}
          }
        }
        System.out.printf(
            "%d changes, %d bytes, %d rejected%n", tally.changes, tally.bytes, tally.rejected);
      }
    }
  }
}
