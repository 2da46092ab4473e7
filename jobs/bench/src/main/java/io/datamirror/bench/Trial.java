package io.datamirror.bench;

import static io.datamirror.bench.Contender.BASELINE_OURS;
import static io.datamirror.bench.Contender.OURS_BATCH;
import static io.datamirror.bench.Contender.OURS_HASHMAP;
import static io.datamirror.bench.Contender.OURS_ROCKSDB;
import static io.datamirror.bench.Contender.PAIMON;
import static io.datamirror.bench.Contender.SPARK;
import static io.datamirror.bench.Contender.SQL_APPEND;
import static io.datamirror.bench.Contender.SQL_BATCH;
import static io.datamirror.bench.Contender.SQL_HASHMAP;
import static io.datamirror.bench.Contender.SQL_HASHMAP_BINARY;
import static io.datamirror.bench.Contender.SQL_ROCKSDB;

import io.datamirror.bench.Sweep.Point;
import io.datamirror.bench.Target.Bound;
import java.util.List;

/**
 * Comparisons that are made for the sake of some targets.
 *
 * @param name by which it can be asked for
 * @param points the sizes, one comparison each
 * @param heap of each process, as for -Xmx
 */
record Trial(
    String name,
    Workload workload,
    List<Point> points,
    List<Contender> contenders,
    String heap,
    List<Target> targets) {

  private static final String HEAP = "3g";

  private static final long KEYS = 200_000;
  private static final long EPOCH = 500_000;
  private static final double GIB = 1 << 30;

  /** The share of the pace below which the source was too slow to say anything. */
  private static final double LEAST_PACE = 0.95;

  /**
   * All of them.
   *
   * @param rows changes of the usual trial; others keep their proportion to it, but for the one at
   *     a pace, whose time is what counts
   */
  static List<Trial> all(long rows) {
    return List.of(
        longEpochs(rows),
        strongerSql(rows),
        shortEpochs(rows),
        manyTables(rows),
        growth(rows),
        largeTarget(rows),
        backfill(rows),
        wide(rows / 5),
        fresh(),
        manyKeys(rows / 2));
  }

  private static Trial longEpochs(long rows) {
    return new Trial(
        "long-epochs",
        Workload.W3,
        List.of(point(rows)),
        List.of(OURS_HASHMAP, OURS_ROCKSDB, BASELINE_OURS, SQL_HASHMAP, SQL_ROCKSDB, PAIMON, SPARK),
        HEAP,
        List.of(
            Target.ratio(4, OURS_HASHMAP, SQL_HASHMAP),
            Target.ratio(4, OURS_ROCKSDB, SQL_ROCKSDB),
            Target.ratio(1.8, OURS_HASHMAP, PAIMON, SPARK),
            Target.ratio(0.65, OURS_HASHMAP, BASELINE_OURS),
            Target.ratio(0.45, OURS_ROCKSDB, BASELINE_OURS),
            new Target(
                "delete rows for each update or delete of a present key",
                Bound.AT_MOST,
                1,
                comparisons ->
                    Target.figure(comparisons.get(0), OURS_HASHMAP, Trial::deletesPerChange))));
  }

  /** Of what Flink SQL can be made to do, the forms that nothing is asked of. */
  private static Trial strongerSql(long rows) {
    return new Trial(
        "stronger-sql",
        Workload.W3,
        List.of(point(rows)),
        List.of(OURS_HASHMAP, SQL_HASHMAP, SQL_HASHMAP_BINARY, SQL_BATCH),
        HEAP,
        List.of());
  }

  /**
   * Every row that was written is live or was updated or deleted later: what was written beyond the
   * live rows is what changed of present keys.
   */
  private static double deletesPerChange(Measurement ours) {
    return (double) ours.written().deleteRows() / (ours.written().dataRows() - ours.liveRows());
  }

  private static Trial shortEpochs(long rows) {
    return new Trial(
        "short-epochs",
        Workload.W3,
        List.of(new Point(rows, KEYS, 0, 1, EPOCH / 5)),
        List.of(OURS_HASHMAP, OURS_ROCKSDB, SQL_HASHMAP, SQL_ROCKSDB, BASELINE_OURS),
        HEAP,
        List.of(
            Target.ratio(2.5, OURS_HASHMAP, SQL_HASHMAP),
            Target.ratio(3, OURS_ROCKSDB, SQL_ROCKSDB)));
  }

  /** A merge reads its target: it has more rows here than those that change. */
  private static Trial largeTarget(long rows) {
    return new Trial(
        "large-target",
        Workload.W3,
        List.of(new Point(rows / 5, KEYS, rows, 1, EPOCH)),
        List.of(OURS_HASHMAP, SPARK),
        HEAP,
        List.of(Target.ratio(1.8, OURS_HASHMAP, SPARK)));
  }

  private static Trial backfill(long rows) {
    return new Trial(
        "backfill",
        Workload.W1,
        List.of(point(rows)),
        List.of(OURS_HASHMAP, OURS_BATCH, SQL_APPEND, BASELINE_OURS),
        HEAP,
        List.of(
            Target.ratio(1.8, OURS_HASHMAP, SQL_APPEND),
            new Target(
                "delete rows",
                Bound.AT_MOST,
                0,
                comparisons ->
                    Target.figure(
                        comparisons.get(0),
                        OURS_HASHMAP,
                        measured -> measured.written().deleteRows()))));
  }

  private static Trial wide(long rows) {
    return new Trial(
        "wide",
        Workload.W4,
        List.of(point(rows)),
        List.of(OURS_HASHMAP, BASELINE_OURS),
        HEAP,
        List.of(Target.ratio(0.65, OURS_HASHMAP, BASELINE_OURS)));
  }

  private static Trial fresh() {
    return new Trial(
        "fresh",
        Workload.W5,
        List.of(new Point(Workload.W5.usualRows(), KEYS, 0, 1, Workload.W5.usualEpochRows())),
        List.of(OURS_HASHMAP),
        HEAP,
        List.of(
            new Target(
                "seconds old when readable, p99",
                Bound.AT_MOST,
                3,
                comparisons -> Target.figure(comparisons.get(0), OURS_HASHMAP, Trial::ageAtPace))));
  }

  /** Not a number if the changes came slower than they should have. */
  private static double ageAtPace(Measurement ours) {
    return ours.figures().get(FreshnessTask.PACE_KEPT) < LEAST_PACE
        ? Double.NaN
        : ours.figures().get(FreshnessTask.P99);
  }

  private static Trial manyKeys(long rows) {
    return new Trial(
        "many-keys",
        Workload.W2,
        List.of(new Point(rows, rows / 5, 0, 1, EPOCH), new Point(rows, rows * 4, 0, 1, EPOCH)),
        List.of(OURS_ROCKSDB),
        "1g",
        List.of(
            new Target(
                "GiB of memory over the most keys",
                Bound.AT_MOST,
                2,
                comparisons -> Target.figure(comparisons.get(1), OURS_ROCKSDB, Trial::peakGib)),
            Target.kept("RocksDB, rate over 20 times the keys", 0.6, OURS_ROCKSDB)));
  }

  /** Not a number if nobody can tell. */
  private static double peakGib(Measurement ours) {
    return ours.peakBytes() < 0 ? Double.NaN : ours.peakBytes() / GIB;
  }

  private static Trial manyTables(long rows) {
    return new Trial(
        "many-tables",
        Workload.W3,
        List.of(point(rows), new Point(rows, KEYS, 0, 50, EPOCH)),
        List.of(OURS_HASHMAP),
        HEAP,
        List.of(Target.kept("rate over 50 tables in one job", 0.8, OURS_HASHMAP)));
  }

  private static Trial growth(long rows) {
    return new Trial(
        "growth",
        Workload.W3,
        List.of(point(rows / 10), point(rows), point(rows * 2)),
        List.of(OURS_HASHMAP),
        HEAP,
        List.of(
            new Target(
                "cost of a change among 20 times as many",
                Bound.AT_MOST,
                1.2,
                comparisons ->
                    Target.rate(comparisons.get(0), OURS_HASHMAP)
                        / Target.rate(comparisons.get(2), OURS_HASHMAP)),
            new Target(
                "cost of a change of the last half ÷ of one before, without the start",
                Bound.AT_MOST,
                1.2,
                comparisons ->
                    costOfMore(comparisons.get(1), comparisons.get(2))
                        / costOfMore(comparisons.get(0), comparisons.get(1)))));
  }

  /** What each change costs that one run has more than another: what is paid once is not in it. */
  private static double costOfMore(Comparison fewer, Comparison more) {
    return (Target.figure(more, OURS_HASHMAP, Measurement::cpuSeconds)
            - Target.figure(fewer, OURS_HASHMAP, Measurement::cpuSeconds))
        / (more.run().size().rows() - fewer.run().size().rows());
  }

  private static Point point(long rows) {
    return new Point(rows, KEYS, 0, 1, EPOCH);
  }
}
