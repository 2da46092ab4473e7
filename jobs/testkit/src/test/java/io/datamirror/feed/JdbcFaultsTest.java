package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk.Part;
import io.datamirror.spec.SecretSource;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.testkit.FaultPlan;
import io.datamirror.testkit.FaultPlan.Kind;
import io.datamirror.testkit.FaultPlan.Point;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * On H2: eight points, five kinds, three moments. Whatever breaks, the chunk is read to its end by
 * going on where it was, and what was delivered is what stands in the table, each row once.
 */
class JdbcFaultsTest {

  private static final int ROWS = 60;
  private static final int BATCH = 7;
  private static final int MOST_ATTEMPTS = 4;
  private static final long MOST_CANCEL_MILLIS = 5_000;
  private static final Chunk CHUNK = new Chunk(Part.CHANGES, "", "15");
  private static final ExecutorService CANCELLER = Executors.newSingleThreadExecutor();

  private static H2 h2;
  private static FaultPlan plan;
  private static Feed feed;
  private static List<String> expected;
  private static final Map<Point, Integer> CALLS = new EnumMap<>(Point.class);

  private enum Moment {
    FIRST,
    MIDDLE,
    LAST
  }

  @BeforeAll
  static void createChanges() throws SQLException {
    h2 =
        new H2(
            "CREATE TABLE C (\"seq\" BIGINT, \"id\" INT, \"v\" INT, \"name\" VARCHAR)",
            "INSERT INTO C SELECT X / 4, MOD(X, 11), 1, 'n' || MOD(X, 3) FROM SYSTEM_RANGE(1, "
                + ROWS
                + ")");
    feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());
    expected = texts(Reads.all(h2.connection(), feed));
    assertThat(expected).hasSize(ROWS);
    plan = FaultPlan.create();
    countCalls();
  }

  /** How often each point is called when nothing goes wrong. */
  private static void countCalls() {
    plan.calm();
    Run run = new Run();
    run.toTheEnd();
    for (Point point : Point.values()) {
      CALLS.put(point, plan.calls(point));
      assertThat(plan.calls(point)).as("calls of %s", point).isPositive();
    }
  }

  @AfterAll
  static void close() throws SQLException {
    CANCELLER.shutdownNow();
    h2.close();
  }

  static Stream<Arguments> faults() {
    List<Arguments> faults = new ArrayList<>();
    for (Point point : Point.values()) {
      for (Kind kind : Kind.values()) {
        for (Moment moment : Moment.values()) {
          faults.add(Arguments.of(point, kind, moment));
        }
      }
    }
    assertThat(faults).hasSize(120);
    return faults.stream();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void every_row_is_delivered_once(Point point, Kind kind, Moment moment) throws Exception {
    int last = CALLS.get(point);
    int call =
        switch (moment) {
          case FIRST -> 1;
          case MIDDLE -> (last + 1) / 2;
          case LAST -> last;
        };
    plan.failAt(point, kind, call);
    Run run = new Run();
    Future<?> canceller = kind == Kind.HANG ? CANCELLER.submit(() -> cancel(run)) : null;

    run.toTheEnd();

    assertThat(plan.fired()).isTrue();
    assertThat(texts(run.delivered)).isEqualTo(expected);
    assertThat(run.failures).hasSizeLessThanOrEqualTo(1);
    run.failures.forEach(failure -> assertNamed(failure, kind));
    if (canceller != null) {
      canceller.get();
      assertThat(plan.hangMillis()).isLessThan(MOST_CANCEL_MILLIS);
    }
  }

  private static void cancel(Run run) {
    try {
      plan.awaitHang();
      run.cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a job makes of the failure. */
  private static void assertNamed(Exception failure, Kind kind) {
    if (failure instanceof MirrorException named) {
      assertThat(named.getMessage()).startsWith("MIRROR-200");
    } else if (failure instanceof SQLException error) {
      boolean again = kind == Kind.TRANSIENT || kind == Kind.RECOVERABLE || kind == Kind.HANG;
      assertThat(SqlErrors.classify(error)).isEqualTo(again ? Action.RETRY : Action.FATAL);
    } else {
      assertThat(failure).hasMessageStartingWith("injected");
      assertThat(kind).isEqualTo(Kind.RUNTIME);
    }
  }

  private static List<String> texts(Collected collected) {
    return collected.changes().stream().map(Object::toString).sorted().toList();
  }

  /** Reads the chunk as a job does: on a failure, again from where it was, on a new connection. */
  private static final class Run {
    private final Collected delivered = new Collected(feed.layout());
    private final List<Exception> failures = new ArrayList<>();
    private final Thread thread = Thread.currentThread();
    private Resume resume = Resume.START;
    private volatile Connection open;
    private volatile ChunkReader reading;

    void toTheEnd() {
      Connections connections =
          Connections.to(Specs.source(plan.url(h2.url())), SecretSource.ofProcess(), talk -> {});
      for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        boolean ended = attempt(connections);
        // An interrupt is a way to cancel: it has done its work.
        Thread.interrupted();
        if (ended) {
          return;
        }
      }
      throw new AssertionError("never came to the end: " + failures);
    }

    private boolean attempt(Connections connections) {
      boolean ended = false;
      try (Connection connection = connections.open()) {
        open = connection;
        if (!connection.isValid(1)) {
          return false;
        }
        try (ChunkReader reader = feed.open(connection, CHUNK, resume, BATCH)) {
          reading = reader;
          ended = read(reader);
        }
        return true;
      } catch (SQLException | RuntimeException e) {
        failures.add(e);
        // What fails after the end cannot undo it.
        return ended;
      } finally {
        open = null;
        reading = null;
      }
    }

    private boolean read(ChunkReader reader) throws SQLException {
      try {
        int count = BATCH;
        while (count == BATCH) {
          count = reader.read(delivered, BATCH);
        }
        return true;
      } finally {
        // Also of a batch that broke off, the rows before the fault are delivered.
        resume = reader.resume();
      }
    }

    /** Ends a call that hangs, from another thread: the query, the connection, the thread. */
    void cancel() {
      try {
        if (reading != null) {
          reading.cancel();
        } else if (open != null) {
          open.abort(Runnable::run);
        } else {
          thread.interrupt();
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
