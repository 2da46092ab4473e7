package io.datamirror.source;

import io.datamirror.error.Problem;
import io.datamirror.plan.TablePlan;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has questions answered beside the coordinator's thread. Flink has one thread for all calls of an
 * enumerator: a table whose query takes minutes would keep all others waiting.
 *
 * <p>What concerns one table is done in order, one after the other; answers come in the
 * coordinator's thread. Used by that thread alone.
 */
final class PlanningThreads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PlanningThreads.class);

  /** More would compete with the readers, and slow tables are few. */
  private static final int MOST = 4;

  private static final long IDLE_SECONDS = 60;
  private static final long CLOSE_SECONDS = 5;

  private final SplitEnumeratorContext<?> context;
  private final Planning planning;
  private final ExecutorService threads;
  private final Map<String, CompletableFuture<Void>> lastOfTable = new HashMap<>();

  PlanningThreads(SplitEnumeratorContext<?> context, Planning planning, ExecutorService threads) {
    this.context = context;
    this.planning = planning;
    this.threads = threads;
  }

  /**
   * At most so many threads as there are tables and connections that no reader has. They end when
   * they have nothing to do.
   */
  static ExecutorService executor(int tables, int connections) {
    int most = Math.max(1, Math.min(MOST, Math.min(tables, connections)));
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            running -> {
              Thread thread = new Thread(running, "data-mirror-planning");
              thread.setContextClassLoader(classes);
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Whether tables may be stopped one by one, so that the lake says why. */
  boolean stopsTables() {
    return planning.stopsTables();
  }

  /** See {@link Planning#answer}. */
  void ask(Question question, BiConsumer<Answer, Throwable> answered) {
    call(question.table(), () -> planning.answer(question), answered);
  }

  /** See {@link Planning#stopped}; a lake that does not take it is told of in the log. */
  void stopped(TablePlan table, Problem problem) {
    tell(table, "is stopped", () -> planning.stopped(table, problem));
  }

  /** See {@link Planning#goesOn}, as {@link #stopped}. */
  void goesOn(TablePlan table) {
    tell(table, "goes on", () -> planning.goesOn(table));
  }

  /** Something that the lake is told. */
  private interface Telling {
    void run() throws Exception;
  }

  private void tell(TablePlan table, String what, Telling telling) {
    call(
        table,
        () -> {
          telling.run();
          return true;
        },
        (done, failure) -> {
          if (failure != null) {
            LOG.warn("The lake does not say that {} {}", table.name(), what, failure);
          }
        });
  }

  private <T> void call(TablePlan table, Callable<T> call, BiConsumer<T, Throwable> answered) {
    lastOfTable.compute(
        table.name(),
        (name, before) ->
            (before == null ? CompletableFuture.<Void>completedFuture(null) : before)
                .thenRunAsync(() -> run(call, answered), threads));
  }

  private <T> void run(Callable<T> call, BiConsumer<T, Throwable> answered) {
    T answer;
    try {
      answer = call.call();
    } catch (Throwable e) {
      // Errors too: with them the coordinator fails the job, which else would wait for ever.
      handOver(() -> answered.accept(null, e));
      return;
    }
    handOver(() -> answered.accept(answer, null));
  }

  private void handOver(Runnable answer) {
    try {
      context.runInCoordinatorThread(answer);
    } catch (RejectedExecutionException e) {
      LOG.debug("An answer came when nobody waited for it any more", e);
    }
  }

  /** Ends what is being asked. */
  @Override
  public void close() throws Exception {
    try {
      planning.close();
    } finally {
      threads.shutdownNow();
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("The source or the lake does not let go of a question that nobody waits for");
      }
    }
  }
}
