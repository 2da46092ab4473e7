package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.bench.Measurement.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark in short: that everybody comes to the right rows, not how fast. */
class BenchIT {

  private static final long ROWS = 100_000;
  private static final long KEYS = 5_000;

  @TempDir private Path directory;

  @Test
  void everybody_comes_to_the_fold_of_the_source() throws Exception {
    List<Contender> contenders =
        List.of(
            Contender.OURS_HASHMAP,
            Contender.OURS_ROCKSDB,
            Contender.BASELINE_OURS,
            Contender.SQL_HASHMAP_BINARY,
            Contender.SQL_ROCKSDB);
    // W6 has the changes of W3, and is read afterwards.
    Comparison comparison =
        comparison(Workload.W6, new Sweep.Point(ROWS, KEYS, 0, 1, 50_000), contenders);
    for (Contender contender : contenders) {
      Measurement measured = comparison.of(contender).orElseThrow().median();
      assertThat(measured.verdict()).as(contender.title()).isEqualTo(Verdict.RIGHT);
      assertThat(measured.foundRows()).isEqualTo(measured.liveRows());
      assertThat(measured.written().commits()).isPositive();
      assertThat(measured.figures().get("times as long to read as compacted")).isPositive();
    }
    Path json = comparison.write(directory);
    assertThat(json).content().contains("\"ours-hashmap\"", "\"verdict\" : \"RIGHT\"");
  }

  private static Comparison comparison(
      Workload workload, Sweep.Point point, List<Contender> contenders) throws Exception {
    try (Benchmark benchmark = new Benchmark(0, 0, 1, System.err)) {
      return benchmark.compare(workload, point, contenders, "1g");
    }
  }
}
