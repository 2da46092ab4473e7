package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.bench.Measurement.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
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
        List.of(Contender.OURS_HASHMAP, Contender.BASELINE_OURS, Contender.SQL_HASHMAP);
    Comparison comparison = comparison(Workload.W3, contenders);
    for (Contender contender : contenders) {
      Measurement measured = comparison.of(contender).orElseThrow().median();
      assertThat(measured.verdict()).as(contender.title()).isEqualTo(Verdict.RIGHT);
      assertThat(measured.foundRows()).isEqualTo(measured.liveRows());
      assertThat(measured.written().commits()).isPositive();
    }
    Path json = comparison.write(directory);
    assertThat(json).content().contains("\"ours-hashmap\"", "\"verdict\" : \"RIGHT\"");
    assertThat(directory.resolve(json.getFileName().toString().replace(".json", ".svg")))
        .content()
        .contains(Contender.OURS_HASHMAP.title());
  }

  private Comparison comparison(Workload workload, List<Contender> contenders) throws Exception {
    Runner.Run run = new Runner.Run(workload, ROWS, KEYS, 50_000, "1g", directory);
    Runner runner = new Runner(new SourceTable(workload, ROWS, KEYS), run);
    List<Measurement> measured = new ArrayList<>();
    for (Contender contender : contenders) {
      measured.add(runner.measure(contender));
    }
    return Comparison.of(run, contenders, measured);
  }
}
