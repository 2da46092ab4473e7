package io.datamirror.bench;

import static io.datamirror.bench.Contender.OURS_HASHMAP;
import static io.datamirror.bench.Contender.PAIMON;
import static io.datamirror.bench.Contender.SPARK;
import static io.datamirror.bench.Contender.SQL_APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datamirror.bench.Measurement.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {

  private static final long ROWS = 1_000;

  @TempDir private Path directory;

  @Test
  void the_faster_of_two_peers_counts() {
    Target target = Target.ratio(1.8, OURS_HASHMAP, PAIMON, SPARK);
    Comparison comparison = comparison(run(OURS_HASHMAP, 10), run(PAIMON, 20), run(SPARK, 30));
    assertThat(measured(target, comparison)).isCloseTo(2, within(1e-9));
  }

  @Test
  void the_median_of_three_runs_counts() {
    Target target = Target.ratio(1.8, OURS_HASHMAP, SPARK);
    Comparison comparison =
        comparison(
            run(OURS_HASHMAP, 40), run(OURS_HASHMAP, 10), run(OURS_HASHMAP, 20), run(SPARK, 60));
    assertThat(measured(target, comparison)).isCloseTo(3, within(1e-9));
  }

  @Test
  void a_peer_that_breaks_down_leaves_no_figure_though_another_runs() {
    Target target = Target.ratio(1.8, OURS_HASHMAP, PAIMON, SPARK);
    assertThat(measured(target, comparison(run(OURS_HASHMAP, 10), run(SPARK, 30)))).isNaN();
  }

  @Test
  void one_wrong_table_of_three_leaves_no_figure_and_makes_the_run_fail() {
    Target target = Target.ratio(1.8, OURS_HASHMAP, SPARK);
    Comparison comparison =
        comparison(
            run(OURS_HASHMAP, 10),
            run(OURS_HASHMAP, 20),
            wrong(run(OURS_HASHMAP, 40)),
            run(SPARK, 60));
    assertThat(measured(target, comparison)).isNaN();
    assertThat(comparison.allRight()).isFalse();
    assertThat(comparison.table()).contains("WRONG ROWS");
  }

  @Test
  void a_wrong_table_of_a_peer_leaves_no_figure_either() {
    Target target = Target.ratio(1.8, OURS_HASHMAP, SPARK);
    Comparison comparison = comparison(run(OURS_HASHMAP, 10), wrong(run(SPARK, 60)));
    assertThat(measured(target, comparison)).isNaN();
    assertThat(comparison.allRight()).isTrue();
  }

  @Test
  void who_only_appends_was_never_meant_to_be_right() {
    Target target = Target.ratio(1.8, OURS_HASHMAP, SQL_APPEND);
    Measurement appended = with(run(SQL_APPEND, 20), -1, Map.of(), Verdict.NO_MIRROR);
    assertThat(measured(target, comparison(run(OURS_HASHMAP, 10), appended)))
        .isCloseTo(2, within(1e-9));
  }

  @Test
  void an_age_is_the_median_of_the_ages_and_not_that_of_the_run_of_the_median_rate() {
    Target target = trial("fresh").targets().get(0);
    assertThat(measured(target, comparison(aged(10, 5, 1), aged(20, 1, 1), aged(30, 4, 1))))
        .isEqualTo(4);
    assertThat(target.reached(4)).isFalse();
    assertThat(target.reached(3)).isTrue();
  }

  @Test
  void an_age_says_nothing_when_the_source_was_too_slow() {
    Target target = trial("fresh").targets().get(0);
    assertThat(measured(target, comparison(aged(10, 1, 0.94)))).isNaN();
    assertThat(measured(target, comparison(aged(10, 1, 0.95)))).isEqualTo(1);
  }

  @Test
  void memory_that_nobody_can_tell_is_not_little_memory() {
    Target target = trial("many-keys").targets().get(0);
    Comparison told = comparison(with(run(Contender.OURS_ROCKSDB, 10), 1L << 30, Map.of()));
    assertThat(measured(target, told, told)).isEqualTo(1);
    Comparison untold = comparison(run(Contender.OURS_ROCKSDB, 10));
    assertThat(measured(target, untold, untold)).isNaN();
  }

  @Test
  void what_is_paid_once_does_not_hide_what_more_changes_cost() {
    Trial growth = trial("growth");
    // 10 seconds to start, a second for each of the first thousand, and two for each thousand more.
    List<Comparison> comparisons = List.of(grown(1_000, 11), grown(10_000, 20), grown(20_000, 40));
    Target whole = growth.targets().get(0);
    Target more = growth.targets().get(1);
    assertThat(whole.figure().applyAsDouble(comparisons)).isLessThan(0.5);
    assertThat(more.figure().applyAsDouble(comparisons)).isCloseTo(2, within(1e-9));
    assertThat(more.reached(2)).isFalse();
  }

  @Test
  void what_was_not_measured_is_neither_reached_nor_missed() {
    Trial fresh = trial("fresh");
    Targets targets = new Targets(3);
    targets.add(fresh, List.of(comparison(aged(10, 1, 0.5))));
    assertThat(targets.table()).contains("| ≤ 3 | - | 3 | not measured |");
  }

  @Test
  void a_trial_whose_only_contender_breaks_down_is_written_without_a_chart() throws Exception {
    Comparison comparison = Comparison.of(run(ROWS), List.of(OURS_HASHMAP), List.of());
    Path chart = chartBeside(comparison(run(OURS_HASHMAP, 10)).write(directory));
    assertThat(chart).content().contains(OURS_HASHMAP.title());
    assertThat(comparison.write(directory)).content().contains("\"failed\" : [ \"ours-hashmap\" ]");
    assertThat(chart).doesNotExist();
    assertThat(comparison.table()).contains(OURS_HASHMAP.title()).contains("FAILED");
    assertThat(comparison.allRight()).isFalse();
    Target target = Target.ratio(4, OURS_HASHMAP, SPARK);
    assertThat(measured(target, comparison)).isNaN();
  }

  @Test
  void who_leaves_no_table_has_failed_alone() {
    assertThatThrownBy(
            () ->
                Runner.of(
                    SPARK,
                    () -> {
                      throw new IOException("no table t under /lake");
                    }))
        .isInstanceOf(ContenderFailed.class)
        .hasMessage(
            "Spark MERGE INTO failed; what it left cannot be measured: java.io.IOException:"
                + " no table t under /lake");
  }

  @Test
  void stronger_forms_of_flink_sql_stand_beside_those_that_targets_name() {
    Trial stronger = trial("stronger-sql");
    assertThat(stronger.contenders())
        .contains(Contender.OURS_HASHMAP, Contender.SQL_HASHMAP)
        .contains(Contender.SQL_BATCH, Contender.SQL_HASHMAP_BINARY)
        .doesNotHaveDuplicates();
    assertThat(stronger.targets()).isEmpty();
    assertThat(stronger.points()).isEqualTo(trial("long-epochs").points());
    assertThat(trial("long-epochs").targets())
        .extracting(Target::what)
        .contains("Data Mirror, HashMap state ÷ Flink SQL by hand, HashMap state");
  }

  @Test
  void binary_values_are_asked_for_in_one_form_of_flink_sql_alone() {
    FlinkSql sql = new FlinkSql(Workload.W3, "jdbc:postgresql://here/db", "me");
    assertThat(Contender.SQL_HASHMAP.order(sql).get("sql"))
        .contains("'url'='jdbc:postgresql://here/db'");
    assertThat(Contender.SQL_HASHMAP_BINARY.order(sql).get("sql"))
        .contains("'url'='jdbc:postgresql://here/db?prepareThreshold=-1&binaryTransfer=true'");
  }

  @Test
  void rows_that_nobody_can_count_are_not_said_to_be_none() throws Exception {
    Comparison comparison =
        comparison(with(run(PAIMON, 20), Written.inCommits(3)), run(OURS_HASHMAP, 10));
    assertThat(comparison.table().lines().filter(line -> line.contains(PAIMON.title())))
        .singleElement()
        .asString()
        .containsPattern(" - +3 +- +- +0.00 +0.00$");
    assertThat(comparison.write(directory)).content().contains("\"dataRows\" : null");
  }

  @Test
  void rates_of_different_work_are_not_compared() throws Exception {
    Runner.Run reading = run(Workload.W6, ROWS);
    List<Contender> contenders = List.of(OURS_HASHMAP, Contender.BASELINE_OURS);
    Comparison comparison =
        Comparison.of(
            reading, contenders, List.of(run(OURS_HASHMAP, 10), run(Contender.BASELINE_OURS, 20)));
    assertThat(comparison.table().lines().skip(1))
        .hasSize(2)
        .allMatch(line -> line.matches(".* - +- +[0-9]+\\.0 .*"));
    Path json = comparison.write(directory);
    assertThat(json).content().doesNotContain("ratios", "rowsPerCpuSecond");
    assertThat(chartBeside(json)).doesNotExist();
    Sweep sweep = new Sweep();
    sweep.add(comparison);
    sweep.add(comparison);
    assertThat(sweep.table()).isEmpty();
  }

  @Test
  void a_size_is_told_with_all_that_makes_it() {
    assertThat(size("long-epochs")).isEqualTo("10,000 changes over 200,000 keys, 500,000 a commit");
    assertThat(size("large-target"))
        .isEqualTo("2,000 changes over 200,000 keys beside 10,000 rows more, 500,000 a commit");
    assertThat(size("many-tables"))
        .isEqualTo(
            "10,000 changes over 200,000 keys, 500,000 a commit;"
                + " 10,000 changes over 200,000 keys in 50 tables, 500,000 a commit");
    assertThat(size("backfill")).isEqualTo("10,000 changes of as many keys, 500,000 a commit");
    assertThat(size("fresh")).isEqualTo("600,000 changes over 200,000 keys, a commit a second");
  }

  @Test
  void a_chart_and_the_line_of_a_sweep_tell_the_same_size() throws Exception {
    Comparison comparison = comparison(run(OURS_HASHMAP, 10));
    String size = "1,000 changes over 1 keys, 1,000 a commit";
    assertThat(Chart.of(comparison)).contains("; " + size + "<");
    Sweep sweep = new Sweep();
    sweep.add(comparison);
    sweep.add(comparison);
    assertThat(sweep.table())
        .endsWith("1.00 times its rate of the first size: %s%n".formatted(size));
  }

  @Test
  void a_backfill_has_as_many_keys_as_changes_whatever_was_asked() throws Exception {
    Comparison backfill =
        Comparison.of(
            run(Workload.W1, ROWS), List.of(OURS_HASHMAP), List.of(run(OURS_HASHMAP, 10)));
    assertThat(backfill.write(directory)).content().contains("\"keys\" : 1000,");
  }

  /** As it stands in the table, between the name of the trial and the figure. */
  private static String size(String name) {
    Targets targets = new Targets(3);
    targets.add(trial(name), List.of(comparison(), comparison(), comparison()));
    return targets.table().lines().skip(2).findFirst().orElseThrow().split(" \\| ")[1];
  }

  private static Path chartBeside(Path json) {
    return json.resolveSibling(json.getFileName().toString().replace(".json", ".svg"));
  }

  private static Trial trial(String name) {
    return Trial.all(10_000).stream()
        .filter(trial -> trial.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double measured(Target target, Comparison... comparisons) {
    return target.figure().applyAsDouble(List.of(comparisons));
  }

  private static Comparison grown(long rows, double cpuSeconds) {
    return comparison(rows, run(OURS_HASHMAP, rows, cpuSeconds));
  }

  private static Comparison comparison(Measurement... measurements) {
    return comparison(ROWS, measurements);
  }

  private static Comparison comparison(long rows, Measurement... measurements) {
    List<Contender> contenders = new ArrayList<>();
    Arrays.stream(measurements).map(Measurement::contender).distinct().forEach(contenders::add);
    return Comparison.of(run(rows), contenders, List.of(measurements));
  }

  private static Runner.Run run(long rows) {
    return run(Workload.W3, rows);
  }

  private static Runner.Run run(Workload workload, long rows) {
    return new Runner.Run(
        workload, new Sweep.Point(rows, 1, 0, 1, rows), 1, 0, "1g", Path.of("nowhere"));
  }

  private static Measurement aged(double cpuSeconds, double p99, double pace) {
    return with(
        run(OURS_HASHMAP, cpuSeconds),
        -1,
        Map.of(FreshnessTask.P99, p99, FreshnessTask.PACE_KEPT, pace));
  }

  private static Measurement run(Contender contender, double cpuSeconds) {
    return run(contender, ROWS, cpuSeconds);
  }

  private static Measurement run(Contender contender, long rows, double cpuSeconds) {
    return new Measurement(
        contender,
        rows,
        cpuSeconds,
        0,
        0,
        0,
        cpuSeconds,
        -1,
        Written.NOTHING,
        Written.NOTHING,
        1,
        1,
        new TreeMap<>(),
        Verdict.RIGHT);
  }

  private static Measurement wrong(Measurement run) {
    return with(run, run.peakBytes(), run.figures(), Verdict.WRONG);
  }

  private static Measurement with(Measurement run, long peakBytes, Map<String, Double> figures) {
    return with(run, peakBytes, figures, run.verdict());
  }

  private static Measurement with(
      Measurement run, long peakBytes, Map<String, Double> figures, Verdict verdict) {
    return with(run, peakBytes, run.written(), figures, verdict);
  }

  private static Measurement with(Measurement run, Written written) {
    return with(run, run.peakBytes(), written, run.figures(), run.verdict());
  }

  private static Measurement with(
      Measurement run,
      long peakBytes,
      Written written,
      Map<String, Double> figures,
      Verdict verdict) {
    return new Measurement(
        run.contender(),
        run.rows(),
        run.cpuSeconds(),
        run.compilingSeconds(),
        run.collectingSeconds(),
        run.serverSeconds(),
        run.wallSeconds(),
        peakBytes,
        written,
        run.own(),
        run.liveRows(),
        run.foundRows(),
        figures,
        verdict);
  }
}
