package io.datamirror.commit;

import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Shows the progress of a mirror as metrics: group {@code mirror}, one {@code table} each. */
final class CommitMetrics {

  private final MetricGroup group;
  private final ProgressBoard board;
  private final String table;

  private CommitMetrics(MetricGroup group, ProgressBoard board, String table) {
    this.group = group;
    this.board = board;
    this.table = table;
  }

  static void register(MetricGroup operator, ProgressBoard board, MirrorPlan plan) {
    MetricGroup mirror = operator.addGroup("mirror", plan.spec().mirror());
    for (TablePlan table : plan.tables()) {
      MetricGroup group = mirror.addGroup("table", table.name());
      new CommitMetrics(group, board, table.name()).register();
    }
  }

  private void register() {
    number("upserts", progress -> progress.counts().upserts());
    number("deletes", progress -> progress.counts().deletes());
    number("superseded", progress -> progress.counts().superseded());
    number("noOps", progress -> progress.counts().noOps());
    number("late", progress -> progress.counts().late());
    number("rejected", progress -> progress.counts().rejected());
    number("conflicts", progress -> progress.counts().conflicts());
    number("commits", ProgressBoard.TableProgress::commits);
    number("lastCommitMillis", ProgressBoard.TableProgress::committedMillis);
    group.gauge("lastPosition", (Gauge<String>) () -> board.progress(table).position());
  }

  private void number(String name, ToLongFunction<ProgressBoard.TableProgress> value) {
    group.gauge(name, (Gauge<Long>) () -> value.applyAsLong(board.progress(table)));
  }
}
