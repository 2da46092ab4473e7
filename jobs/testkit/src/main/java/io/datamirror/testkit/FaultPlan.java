package io.datamirror.testkit;

import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong on the connections of one {@link FaultDriver} URL, and what was asked for over
 * them. Thread-safe.
 */
public final class FaultPlan {

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Map<String, FaultPlan> PLANS = new ConcurrentHashMap<>();
  private static final long HANG_SECONDS = 30;

  /** Calls at which something can go wrong. */
  public enum Point {
    CONNECT,
    PREPARE,
    EXECUTE,
    /** {@code ResultSet.next}. */
    NEXT,
    /** Any getter of a value of a row. */
    GET,
    COMMIT,
    /** Closing a result, a statement or a connection: it is closed, and then fails. */
    CLOSE,
    IS_VALID
  }

  /** What happens. */
  public enum Kind {
    TRANSIENT,
    RECOVERABLE,
    NON_TRANSIENT,
    /**
     * No answer for 30 seconds, or until the statement is cancelled, the connection is aborted or
     * the thread is interrupted; then an error.
     */
    HANG,
    RUNTIME
  }

  private final String id = "plan" + NUMBERS.incrementAndGet();
  private final Map<Point, Integer> calls = new EnumMap<>(Point.class);
  private final List<String> statements = new ArrayList<>();
  private Point point;
  private Kind kind;
  private int call;
  private boolean fired;
  private CountDownLatch hanging = new CountDownLatch(0);

  private final Semaphore hangs = new Semaphore(0);
  private volatile long hangNanos;

  private FaultPlan() {}

  /** A plan in which nothing goes wrong yet. */
  public static FaultPlan create() {
    FaultPlan plan = new FaultPlan();
    PLANS.put(plan.id, plan);
    return plan;
  }

  static FaultPlan of(String id) throws SQLException {
    FaultPlan plan = PLANS.get(id);
    if (plan == null) {
      throw new SQLNonTransientException("there is no fault plan " + id);
    }
    return plan;
  }

  /** The URL that leads through this plan to the database of {@code url}. */
  public String url(String url) {
    return FaultDriver.PREFIX + id + ":" + url;
  }

  /** From now on: {@code kind} happens once, at the {@code call}-th call, from 1, of a point. */
  public synchronized void failAt(Point newPoint, Kind newKind, int newCall) {
    calls.clear();
    fired = false;
    point = newPoint;
    kind = newKind;
    call = newCall;
  }

  /** From now on nothing goes wrong, and counting begins anew. */
  public synchronized void calm() {
    failAt(null, null, 0);
    statements.clear();
  }

  /** How often a point was called since the last {@link #failAt} or {@link #calm}. */
  public synchronized int calls(Point asked) {
    return calls.getOrDefault(asked, 0);
  }

  /** Whether the planned fault has happened. */
  public synchronized boolean fired() {
    return fired;
  }

  /** Every statement text that was prepared or executed since the last {@link #calm}. */
  public synchronized List<String> statements() {
    return List.copyOf(statements);
  }

  synchronized void sent(String statement) {
    statements.add(statement);
  }

  /** A point is reached: lets it pass, or makes it fail. */
  void reach(Point reached) throws SQLException {
    Kind due = due(reached);
    if (due == null) {
      return;
    }
    String text = "injected at " + reached;
    switch (due) {
      case TRANSIENT -> throw new SQLTransientException(text);
      case RECOVERABLE -> throw new SQLRecoverableException(text);
      case NON_TRANSIENT -> throw new SQLNonTransientException(text);
      case RUNTIME -> throw new IllegalStateException(text);
      case HANG -> hang(text);
    }
  }

  private synchronized Kind due(Point reached) {
    int count = calls.merge(reached, 1, Integer::sum);
    if (fired || reached != point || count != call) {
      return null;
    }
    fired = true;
    if (kind == Kind.HANG) {
      hanging = new CountDownLatch(1);
    }
    return kind;
  }

  private void hang(String text) throws SQLException {
    CountDownLatch latch;
    synchronized (this) {
      latch = hanging;
    }
    long start = System.nanoTime();
    hangs.release();
    try {
      boolean released = latch.await(HANG_SECONDS, TimeUnit.SECONDS);
      throw new SQLTransientException(text + (released ? ", released" : ", never released"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientException(text + ", interrupted", e);
    } finally {
      hangNanos = System.nanoTime() - start;
    }
  }

  /** Waits until a call hangs. */
  public void awaitHang() throws InterruptedException {
    hangs.acquire();
  }

  /** How long the last hanging call took. */
  public long hangMillis() {
    return TimeUnit.NANOSECONDS.toMillis(hangNanos);
  }

  /** Ends a hanging call. */
  synchronized void release() {
    hanging.countDown();
  }
}
