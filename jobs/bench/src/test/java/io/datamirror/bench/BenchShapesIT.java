package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.bench.Measurement.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The benchmark in short, for the shapes that only few contenders are asked for. */
class BenchShapesIT {

  private static final long ROWS = 100_000;
  private static final long KEYS = 5_000;
  private static final long PACE = 20_000;

  @Test
  void changes_at_a_pace_have_an_age_when_they_are_readable() throws Exception {
    Sweep.Point point = new Sweep.Point(10_000, KEYS, 0, 1, ROWS);
    Comparison comparison = comparison(Workload.W5, point, List.of(Contender.OURS_HASHMAP));
    Measurement measured = comparison.of(Contender.OURS_HASHMAP).orElseThrow().median();
    assertThat(measured.verdict()).isEqualTo(Verdict.RIGHT);
    assertThat(measured.figures().get("seconds old when readable, p99"))
        .isGreaterThanOrEqualTo(measured.figures().get("seconds old when readable, p50"))
        .isPositive();
    assertThat(measured.figures().get("share of the pace")).isPositive();
  }

  @Test
  void several_tables_are_all_checked() throws Exception {
    Sweep.Point point = new Sweep.Point(20_000, 1_000, 0, 2, 5_000);
    Comparison comparison = comparison(Workload.W3, point, List.of(Contender.OURS_HASHMAP));
    Measurement measured = comparison.of(Contender.OURS_HASHMAP).orElseThrow().median();
    assertThat(measured.verdict()).isEqualTo(Verdict.RIGHT);
    assertThat(measured.written().commits()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void rows_that_stand_there_before_are_mirrored_and_not_measured() throws Exception {
    Sweep.Point point = new Sweep.Point(20_000, 1_000, 30_000, 1, 5_000);
    List<Contender> contenders = List.of(Contender.OURS_HASHMAP, Contender.BASELINE_OURS);
    Comparison comparison = comparison(Workload.W3, point, contenders);
    for (Contender contender : contenders) {
      Measurement measured = comparison.of(contender).orElseThrow().median();
      assertThat(measured.verdict()).as(contender.title()).isEqualTo(Verdict.RIGHT);
      assertThat(measured.foundRows()).isGreaterThan(30_000);
      // The mirror may have read all of these few before its first commit.
      assertThat(measured.rows()).isLessThanOrEqualTo(20_000);
    }
    Measurement baseline = comparison.of(Contender.BASELINE_OURS).orElseThrow().median();
    assertThat(baseline.rows()).isEqualTo(20_000);
  }

  private static Comparison comparison(
      Workload workload, Sweep.Point point, List<Contender> contenders) throws Exception {
    try (Benchmark benchmark = new Benchmark(PACE, 0, 1, System.err)) {
      return benchmark.compare(workload, point, contenders, "1g");
    }
  }
}
