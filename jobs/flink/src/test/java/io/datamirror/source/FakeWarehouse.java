package io.datamirror.source;

import io.datamirror.feed.Position;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A warehouse in memory, with a clock that only moves when it is told to, and faults that happen
 * when they are ordered. Found by name, since feeds travel to tasks.
 */
final class FakeWarehouse {

  private static final Map<String, FakeWarehouse> ALL = new ConcurrentHashMap<>();

  final String name;
  final AtomicLong clockMillis = new AtomicLong(1_000_000);
  final AtomicInteger openConnections = new AtomicInteger();
  final AtomicInteger mostConnections = new AtomicInteger();
  private final Map<String, Table> tables = new ConcurrentHashMap<>();
  private final Map<String, Deque<Exception>> faults = new ConcurrentHashMap<>();
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();

  /** A row of a change table; its position is its place in the table, from 1. */
  record Row(long position, long id, long version, String note, long timeMillis) {}

  static final class Table {
    final List<Row> rows = new ArrayList<>();
    final Map<Long, Row> base = new TreeMap<>();

    /** From where on somebody wanted to know whether nothing is gone. */
    final List<Position> continuations = new CopyOnWriteArrayList<>();

    String identity = "first";
    boolean hasBase;
    boolean pinned;
    boolean horizonStalls;
    boolean idleWindows;
    boolean rowsHidden;
    boolean laned;

    /** Each reading of a chunk begins at its start. */
    boolean begunAnew;

    CountDownLatch hang;

    /** Counted down by a reader that is cancelled, or closed, and does not come back from it. */
    CountDownLatch cancelHangs;

    CountDownLatch closeHangs;

    /** Nothing is cut into chunks before: as if the rows of a large table were being counted. */
    CountDownLatch counted = new CountDownLatch(0);

    CountDownLatch gate;
    long gateAt = Long.MAX_VALUE;
  }

  private FakeWarehouse(String name) {
    this.name = name;
  }

  static FakeWarehouse create(String name) {
    FakeWarehouse warehouse = new FakeWarehouse(name);
    ALL.put(name, warehouse);
    return warehouse;
  }

  static FakeWarehouse of(String name) {
    return ALL.get(name);
  }

  Table table(String table) {
    return tables.computeIfAbsent(table, name -> new Table());
  }

  /** Writes {@code count} changes of as many keys at the present time. */
  void append(String table, int count) {
    Table written = table(table);
    synchronized (written) {
      for (int i = 0; i < count; i++) {
        long position = written.rows.size() + 1L;
        Row row = new Row(position, position, position, "n" + position, clockMillis.get());
        written.rows.add(row);
        written.base.put(row.id(), row);
      }
    }
  }

  /**
   * The next call of this kind fails: connect, head, requireContinuation, nextWindow, chunks, open,
   * read, lake.
   */
  void failNext(String call, Exception failure) {
    faults.computeIfAbsent(call, name -> new ArrayDeque<>()).add(failure);
  }

  /** Whether all failures that were ordered for calls of a kind have come. */
  synchronized boolean hasFailed(String call) {
    return faults.get(call).isEmpty();
  }

  void mayFail(String call) throws SQLException {
    calls.merge(call, 1, Integer::sum);
    Deque<Exception> ordered = faults.get(call);
    Exception failure;
    synchronized (this) {
      failure = ordered == null ? null : ordered.poll();
    }
    if (failure instanceof SQLException error) {
      throw error;
    }
    if (failure instanceof RuntimeException error) {
      throw error;
    }
  }

  /** How many failures were ordered and have not happened. */
  synchronized int faultsLeft() {
    return faults.values().stream().mapToInt(Deque::size).sum();
  }

  /** How often there was a call of this kind. */
  int calls(String call) {
    return calls.getOrDefault(call, 0);
  }

  SourceConnections connections() {
    String warehouse = name;
    return () -> of(warehouse).connect();
  }

  private Connection connect() throws SQLException {
    mayFail("connect");
    mostConnections.accumulateAndGet(openConnections.incrementAndGet(), Math::max);
    AtomicInteger open = new AtomicInteger(1);
    return (Connection)
        Proxy.newProxyInstance(
            FakeWarehouse.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              return switch (method.getName()) {
                case "close", "abort" -> {
                  openConnections.addAndGet(-open.getAndSet(0));
                  yield null;
                }
                case "isValid" -> true;
                default -> throw new SQLException("not asked for: " + method.getName());
              };
            });
  }
}
