package io.datamirror.bench;

import java.util.ArrayList;
import java.util.List;

/** Comparisons of one workload in several sizes, one after the other. */
final class Sweep {

  private final List<Comparison> comparisons = new ArrayList<>();

  /**
   * One size.
   *
   * @param fill rows that are put into the table first, and that no change touches
   * @param epochRows changes between two commits
   */
  record Point(long rows, long keys, long fill, int tables, long epochRows) {

    /** For people. */
    String describe(Workload workload) {
      return "%,d changes %s%s%s, %s"
          .formatted(
              rows,
              workload.keysAreNew() ? "of as many keys" : "over %,d keys".formatted(keys),
              fill == 0 ? "" : " beside %,d rows more".formatted(fill),
              tables == 1 ? "" : " in %,d tables".formatted(tables),
              workload.comesAtAPace() ? "a commit a second" : "%,d a commit".formatted(epochRows));
    }

    Point withEpochRows(long changes) {
      return new Point(rows, keys, fill, tables, changes);
    }
  }

  /** Every number of each list with every number of the others. */
  static List<Point> points(
      List<Long> rows, List<Long> keys, long fill, List<Integer> tables, List<Long> epochRows) {
    List<Point> points = new ArrayList<>();
    for (long row : rows) {
      for (long key : keys) {
        for (int table : tables) {
          for (long epoch : epochRows) {
            points.add(new Point(row, key, fill, table, epoch));
          }
        }
      }
    }
    return points;
  }

  void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  boolean allRight() {
    return comparisons.stream().allMatch(Comparison::allRight);
  }

  /**
   * What became of each contender's rate from the first size to the others; empty for one size and
   * where rates say nothing.
   */
  String table() {
    StringBuilder text = new StringBuilder();
    for (Comparison comparison :
        comparisons.subList(Math.min(1, comparisons.size()), comparisons.size())) {
      if (!comparison.run().workload().comparesRates()) {
        continue;
      }
      for (Comparison.Result result : comparison.results()) {
        comparisons
            .get(0)
            .of(result.contender())
            .ifPresent(first -> text.append(line(comparison.run(), result, first)));
      }
    }
    return text.toString();
  }

  private String line(Runner.Run run, Comparison.Result result, Comparison.Result first) {
    return "%-34s %.2f times its rate of the first size: %s%n"
        .formatted(
            result.contender().title(),
            result.rate() / first.rate(),
            run.size().describe(run.workload()));
  }
}
