package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeFailure;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.relate.LakeReference;
import io.datamirror.spec.SecretSource;
import io.datamirror.verify.Moments;
import io.datamirror.verify.ReferenceReport;
import io.datamirror.verify.Relations;
import io.datamirror.verify.TableMoment;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts orphans and cardinality breaks of a running mirror again after its tables have changed,
 * and shows them as metrics.
 *
 * <p>It reads the lake in a thread of its own, at most a tenth of the time, and never holds a
 * commit back. A check that fails is logged and tried again: a mirror does not end for it.
 */
final class RelationWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RelationWatch.class);

  /** How long the watch rests after a check, as a multiple of what the check took. */
  private static final int REST = 9;

  /** A later moment can be checked. */
  private static final Set<ErrorCode> LATER =
      Set.of(ErrorCode.MOMENT_NOT_KEPT, ErrorCode.NO_POSITION_YET);

  private static final Duration LEAST_REST = Duration.ofSeconds(30);

  private final MirrorPlan plan;
  private final Consumer<String> committed;
  private final Duration leastRest;
  private final List<LakeReference> references;
  private final Map<LakeReference, ReferenceReport> reports = new ConcurrentHashMap<>();
  private final Set<String> changed = new HashSet<>();
  private final ScheduledThreadPoolExecutor executor;
  private boolean waiting;

  /**
   * @param committed told, in the thread of the watch, of tables that it has committed to itself
   */
  RelationWatch(MirrorPlan plan, Consumer<String> committed) {
    this(plan, committed, LEAST_REST);
  }

  /**
   * @param leastRest how long the watch rests at least after a check
   */
  RelationWatch(MirrorPlan plan, Consumer<String> committed, Duration leastRest) {
    this.plan = plan;
    this.committed = committed;
    this.leastRest = leastRest;
    this.references = LakeReference.of(plan.tables().stream().map(TablePlan::spec).toList());
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "relations of " + plan.spec().mirror());
              thread.setDaemon(true);
              return thread;
            });
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Adds a group for each relationship to the metrics of the mirror. */
  void register(MetricGroup operator) {
    MetricGroup mirror = operator.addGroup("mirror", plan.spec().mirror());
    for (LakeReference reference : references) {
      MetricGroup group =
          mirror
              .addGroup("table", reference.table())
              .addGroup("relationship", reference.toString());
      gauge(group, "orphans", reference, ReferenceReport::orphans);
      gauge(group, "cardinalityBreaks", reference, ReferenceReport::cardinalityBreaks);
      gauge(group, "checkedEpoch", reference, report -> report.table().epoch());
    }
  }

  /** Before the first check every number is -1. */
  private void gauge(
      MetricGroup group,
      String name,
      LakeReference reference,
      ToLongFunction<ReferenceReport> value) {
    group.gauge(
        name,
        (Gauge<Long>)
            () -> {
              ReferenceReport report = reports.get(reference);
              return report == null ? -1 : value.applyAsLong(report);
            });
  }

  /** What was counted last of a relationship; null before the first check. */
  ReferenceReport report(LakeReference reference) {
    return reports.get(reference);
  }

  /** A table has a new snapshot. Any thread may say so. */
  synchronized void committed(String table) {
    boolean concerned =
        references.stream()
            .anyMatch(
                reference ->
                    reference.table().equals(table) || reference.referencedTable().equals(table));
    if (concerned && changed.add(table)) {
      schedule(Duration.ZERO);
    }
  }

  private synchronized void schedule(Duration delay) {
    if (!waiting && !changed.isEmpty() && !executor.isShutdown()) {
      waiting = true;
      var unused = executor.schedule(this::look, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized Set<String> takeChanged() {
    Set<String> taken = new HashSet<>(changed);
    changed.clear();
    return taken;
  }

  private synchronized void rest(Duration rest, Set<String> unchecked) {
    waiting = false;
    changed.addAll(unchecked);
    schedule(rest);
  }

  private void look() {
    long startNanos = System.nanoTime();
    Set<String> tables = takeChanged();
    try {
      check(tables);
      tables.clear();
    } catch (Throwable e) {
      // Errors too: the executor would keep them to itself, and nothing be counted ever again.
      LOG.warn("The relationships could not be counted and will be again: {}", described(e));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    Duration rest = took.multipliedBy(REST);
    rest(rest.compareTo(leastRest) < 0 ? leastRest : rest, tables);
  }

  /** Words of others may hold a URL with a secret in it. */
  private static String described(Throwable failure) {
    return failure instanceof MirrorException known
        ? known.getMessage()
        : LakeFailure.classes(failure);
  }

  private void check(Set<String> tables) throws Exception {
    try (LakeCatalog catalog = LakeCatalog.open(plan.spec().lake(), SecretSource.ofProcess())) {
      List<String> names = plan.tables().stream().map(TablePlan::name).toList();
      Map<String, TableMoment> moments = new Moments(catalog, names).latest();
      Relations relations =
          new Relations(catalog, plan.spec().mirror(), Moments.Age.NEWEST, committed);
      for (LakeReference reference : references) {
        if (tables.contains(reference.table()) || tables.contains(reference.referencedTable())) {
          check(relations, reference, moments);
        }
      }
    }
  }

  private void check(Relations relations, LakeReference reference, Map<String, TableMoment> moments)
      throws IOException {
    try {
      reports.put(
          reference,
          relations.check(reference, moments, orphan -> {}, RelationWatch::yieldIfEnding));
    } catch (MirrorException e) {
      if (!LATER.contains(e.code())) {
        throw e;
      }
      LOG.warn("{} is not counted for now: {}", reference, e.getMessage());
    }
  }

  /** Reading a large table takes long: the end of the job need not wait for it. */
  private static void yieldIfEnding(long rows) {
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("the job ends");
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
