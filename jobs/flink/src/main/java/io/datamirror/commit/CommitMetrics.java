package io.datamirror.commit;

import io.datamirror.commit.Committer.Outcome;
import io.datamirror.commit.ProgressBoard.TableProgress;
import io.datamirror.lake.OwnTable;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalSinkCommitterMetricGroup;

/**
 * Shows the progress of a mirror as metrics: Flink's own for committers, and in the group {@code
 * mirror} what is said of each {@code table}. Thread-safe, as counters of Flink are not.
 */
final class CommitMetrics implements CommitObserver {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}(?![0-9])");

  private final SinkCommitterMetricGroup committer;
  private final ProgressBoard board;
  private final Map<String, TableSize> sizes = new ConcurrentHashMap<>();
  private final Map<String, Long> durationsMillis = new ConcurrentHashMap<>();
  private int pending;

  private CommitMetrics(OperatorMetricGroup operator, ProgressBoard board) {
    this.committer = InternalSinkCommitterMetricGroup.wrap(operator);
    this.board = board;
  }

  static CommitMetrics register(
      OperatorMetricGroup operator, ProgressBoard board, MirrorPlan plan) {
    CommitMetrics metrics = new CommitMetrics(operator, board);
    metrics.committer.setCurrentPendingCommittablesGauge(metrics::pending);
    MetricGroup mirror = operator.addGroup("mirror", plan.spec().mirror());
    for (TablePlan table : plan.tables()) {
      metrics.register(mirror.addGroup("table", table.name()), table.name());
    }
    for (OwnTable own : OwnTable.values()) {
      metrics.registerSizes(mirror.addGroup("table", own.tableName()), own.tableName());
    }
    return metrics;
  }

  private void register(MetricGroup group, String table) {
    number(group, "upserts", table, progress -> progress.counts().upserts());
    number(group, "deletes", table, progress -> progress.counts().deletes());
    number(group, "superseded", table, progress -> progress.counts().superseded());
    number(group, "noOps", table, progress -> progress.counts().noOps());
    number(group, "late", table, progress -> progress.counts().late());
    number(group, "rejected", table, progress -> progress.counts().rejected());
    number(group, "conflicts", table, progress -> progress.counts().conflicts());
    number(group, "commits", table, TableProgress::commits);
    number(group, "epoch", table, TableProgress::epoch);
    number(group, "lastCommitMillis", table, TableProgress::committedMillis);
    number(group, "lagMillis", table, CommitMetrics::lagMillis);
    number(group, "positionNumber", table, CommitMetrics::positionNumber);
    group.gauge("lastPosition", (Gauge<String>) () -> board.progress(table).position());
    registerSizes(group, table);
  }

  private void registerSizes(MetricGroup group, String table) {
    size(group, "rows", table, TableSize::rows);
    size(group, "equalityDeletes", table, TableSize::equalityDeletes);
    size(group, "dataFiles", table, TableSize::dataFiles);
    size(group, "deleteFiles", table, TableSize::deleteFiles);
    group.gauge(
        "lastCommitDurationMillis", (Gauge<Long>) () -> durationsMillis.getOrDefault(table, -1L));
  }

  private void number(
      MetricGroup group, String name, String table, ToLongFunction<TableProgress> value) {
    group.gauge(name, (Gauge<Long>) () -> value.applyAsLong(board.progress(table)));
  }

  private void size(MetricGroup group, String name, String table, ToLongFunction<TableSize> value) {
    group.gauge(
        name, (Gauge<Long>) () -> value.applyAsLong(sizes.getOrDefault(table, TableSize.UNKNOWN)));
  }

  /** How far what readers see is behind the clock; -1 if the table's time is not known. */
  private static long lagMillis(TableProgress progress) {
    long watermark = progress.watermarkMillis();
    return watermark == Long.MIN_VALUE ? -1 : Math.max(0, System.currentTimeMillis() - watermark);
  }

  /** The whole number that a position begins with, since many reporters take numbers only. */
  static long positionNumber(TableProgress progress) {
    Matcher number = NUMBER.matcher(progress.position());
    return number.lookingAt() ? Long.parseLong(number.group()) : -1;
  }

  private synchronized int pending() {
    return pending;
  }

  /** So many commits are to be made. */
  synchronized void submitted(int commits) {
    pending += commits;
    committer.getNumCommittablesTotalCounter().inc(commits);
  }

  /** Nothing more will be committed. */
  synchronized void failed() {
    committer.getNumCommittablesFailureCounter().inc();
  }

  @Override
  public synchronized void retried() {
    committer.getNumCommittablesRetryCounter().inc();
  }

  @Override
  public synchronized void committed(
      Committable committable, Outcome outcome, long durationMillis, TableSize size) {
    pending--;
    switch (outcome) {
      case COMMITTED -> committer.getNumCommittablesSuccessCounter().inc();
      case FOUND -> committer.getNumCommittablesAlreadyCommittedCounter().inc();
    }
    sizes.put(committable.name(), size);
    durationsMillis.put(committable.name(), durationMillis);
  }
}
