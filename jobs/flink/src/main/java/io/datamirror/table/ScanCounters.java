package io.datamirror.table;

import io.datamirror.resolve.Counts;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Counts what became of the changes of a scan, by the names that mirrors use. */
final class ScanCounters {

  private final Counter upserts;
  private final Counter deletes;
  private final Counter superseded;
  private final Counter noOps;
  private final Counter late;
  private final Counter rejected;
  private final Counter conflicts;

  ScanCounters(MetricGroup operator, String mirror, String table) {
    MetricGroup group = operator.addGroup("mirror", mirror).addGroup("table", table);
    upserts = group.counter("upserts");
    deletes = group.counter("deletes");
    superseded = group.counter("superseded");
    noOps = group.counter("noOps");
    late = group.counter("late");
    rejected = group.counter("rejected");
    conflicts = group.counter("conflicts");
  }

  void add(Counts counts) {
    upserts.inc(counts.upserts());
    deletes.inc(counts.deletes());
    superseded.inc(counts.superseded());
    noOps.inc(counts.noOps());
    late.inc(counts.late());
    rejected.inc(counts.rejected());
    conflicts.inc(counts.conflicts());
  }
}
