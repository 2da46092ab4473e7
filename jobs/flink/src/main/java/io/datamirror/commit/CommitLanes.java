package io.datamirror.commit;

import io.datamirror.lake.OwnTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits epochs in the background: of one table in order, of all tables side by side, so that a
 * slow one holds nobody else.
 *
 * <p>The mirror's own tables of an epoch, and of all epochs before it, come before its mirrored
 * tables: what is in a table can then always be told from the tombstones. One thread hands commits
 * over; after the first failure nothing more is begun.
 */
final class CommitLanes implements AutoCloseable {

  /** How many epochs of one table may wait; then whoever hands over waits too. */
  static final int MOST_WAITING = 100;

  private static final Logger LOG = LoggerFactory.getLogger(CommitLanes.class);
  private static final int MOST_THREADS = 16;
  private static final int CLOSE_SECONDS = 60;

  private final Committer committer;
  private final CommitListener listener;
  private final ExecutorService threads;
  private final Map<Integer, Lane> lanes = new HashMap<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  private interface Task {
    void run() throws InterruptedException;
  }

  private static final class Lane {
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);
  }

  CommitLanes(Committer committer, CommitListener listener) {
    this.committer = committer;
    this.listener = listener;
    this.threads =
        Executors.newFixedThreadPool(
            MOST_THREADS,
            task -> {
              Thread thread = new Thread(task, "mirror-commit");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Runs {@code check} in the background before everything that is handed over after it. */
  void first(RestoreCheck check) {
    gate = gate.thenRunAsync(() -> guarded(check::run), threads);
  }

  /**
   * Waits until the checks have run.
   *
   * @throws CompletionException if one of them has failed
   */
  void awaitChecks() throws InterruptedException {
    await(gate);
  }

  /** Hands over the commits of one epoch; waits while a table has too many waiting. */
  void submit(List<Committable> epoch) throws InterruptedException {
    for (Committable committable : epoch) {
      if (committable.own()) {
        submit(committable, gate);
      }
    }
    CompletableFuture<Void> before = ownTablesSoFar();
    for (Committable committable : epoch) {
      if (!committable.own()) {
        submit(committable, before);
      }
    }
  }

  /**
   * Everything of the mirror's own tables that was handed over, of earlier epochs too: a table that
   * overtook the tombstones of an earlier epoch would make a start from the lake take that epoch
   * for done, without its tombstones.
   */
  private CompletableFuture<Void> ownTablesSoFar() {
    List<CompletableFuture<Void>> own = new ArrayList<>();
    own.add(gate);
    for (OwnTable table : OwnTable.values()) {
      if (lanes.containsKey(table.number())) {
        own.add(lanes.get(table.number()).tail);
      }
    }
    return CompletableFuture.allOf(own.toArray(CompletableFuture[]::new));
  }

  private void submit(Committable committable, CompletableFuture<Void> before)
      throws InterruptedException {
    Lane lane = lanes.computeIfAbsent(committable.table(), table -> new Lane());
    lane.room.acquire();
    lane.tail =
        CompletableFuture.allOf(lane.tail, before)
            .thenRunAsync(() -> guarded(() -> commit(committable)), threads)
            .whenComplete((done, failed) -> lane.room.release());
  }

  private void guarded(Task task) {
    if (failure.get() != null) {
      throw new CompletionException(failure.get());
    }
    try {
      task.run();
    } catch (InterruptedException | RuntimeException | Error e) {
      if (failure.compareAndSet(null, e)) {
        listener.failed(e);
      }
      throw new CompletionException(e);
    }
  }

  private void commit(Committable committable) throws InterruptedException {
    listener.committed(committable, committer.commit(committable));
  }

  /** Waits until everything that was handed over is committed. */
  void drain() throws InterruptedException {
    List<CompletableFuture<Void>> tails = new ArrayList<>();
    tails.add(gate);
    lanes.values().forEach(lane -> tails.add(lane.tail));
    await(CompletableFuture.allOf(tails.toArray(CompletableFuture[]::new)));
  }

  private void await(CompletableFuture<Void> end) throws InterruptedException {
    try {
      end.get();
    } catch (ExecutionException e) {
      throw new CompletionException(failure.get() == null ? e.getCause() : failure.get());
    }
  }

  /** Interrupts what is under way and waits for it: a thread must not outlive its catalog. */
  @Override
  public void close() {
    failure.compareAndSet(null, new InterruptedException("the committer was closed"));
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("A commit does not react; its outcome will be looked up after the restart");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
