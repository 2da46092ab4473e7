package io.datamirror.source;

import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * The metrics of the enumerator: read from the progress board, since other threads ask for them.
 */
final class SourceMetrics {

  private SourceMetrics() {}

  static void register(SplitEnumeratorMetricGroup group, MirrorPlan plan, SourceProgress board) {
    MetricGroup mirror = group.addGroup("mirror", plan.spec().mirror());
    for (TablePlan tablePlan : plan.tables()) {
      String table = tablePlan.name();
      MetricGroup own = mirror.addGroup("table", table);
      gauge(own, "lagMillis", board, table, at -> at.lagMillis(System.currentTimeMillis()));
      gauge(own, "failingMillis", board, table, SourceMetrics::failing);
      gauge(own, "window", board, table, TableProgress::window);
      gauge(own, "windowChunks", board, table, TableProgress::chunks);
      gauge(own, "windowChunksDone", board, table, TableProgress::chunksDone);
      int percent = plan.spec().source().retentionWarningPercent();
      tablePlan
          .feed()
          .retentionMillis()
          .ifPresent(
              kept -> {
                gauge(own, "retentionHeadroomMillis", board, table, headroom(kept));
                gauge(own, "retentionScarce", board, table, scarce(kept, percent));
              });
      own.<String, Gauge<String>>gauge(
          "lastPosition", () -> board.table(table).map(TableProgress::position).orElse(""));
      own.<String, Gauge<String>>gauge(
          "phase", () -> board.table(table).map(at -> at.phase().words()).orElse(""));
    }
  }

  /** For how long the source has given no answer to the enumerator; 0 while it does. */
  private static long failing(TableProgress at) {
    long nowMillis = System.currentTimeMillis();
    return at.trouble().map(trouble -> trouble.lastsMillis(nowMillis)).orElse(0L);
  }

  /** How long the changes after what was read are still kept; -1 when that is not known. */
  static ToLongFunction<TableProgress> headroom(long keptMillis) {
    return at -> {
      long lagMillis = at.lagMillis(System.currentTimeMillis());
      return lagMillis < 0 ? -1 : Math.max(0, keptMillis - lagMillis);
    };
  }

  /** 1 when less than a share of the retention is left, in percent; -1 when that is not known. */
  static ToLongFunction<TableProgress> scarce(long keptMillis, int percent) {
    return at -> {
      long leftMillis = headroom(keptMillis).applyAsLong(at);
      long leastMillis = keptMillis / 100 * percent;
      return leftMillis < 0 ? -1 : leftMillis < leastMillis ? 1 : 0;
    };
  }

  private static void gauge(
      MetricGroup group,
      String name,
      SourceProgress board,
      String table,
      ToLongFunction<TableProgress> value) {
    group.<Long, Gauge<Long>>gauge(
        name, () -> board.table(table).map(value::applyAsLong).orElse(-1L));
  }
}
