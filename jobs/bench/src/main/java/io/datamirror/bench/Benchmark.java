package io.datamirror.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Contenders over the same changes, one after the other.
 *
 * @param pace changes a second where they come at a pace
 * @param repeat how often each runs; who begins changes from round to round
 * @param talk takes what is being done
 */
record Benchmark(long pace, int repeat, PrintStream talk) {

  /**
   * Compares contenders.
   *
   * @param heap of each process, as for -Xmx
   */
  Comparison compare(Workload workload, Sweep.Point point, List<Contender> contenders, String heap)
      throws Exception {
    Path directory = Files.createTempDirectory("mirror-bench-");
    try {
      talk.printf(
          "%s: %s; %,d changes over %,d keys in %,d tables, %,d a commit%n",
          workload,
          workload.title(),
          point.rows(),
          point.keys(),
          point.tables(),
          point.epochRows());
      SourceTable source = filled(workload, point);
      try {
        Runner.Run run = new Runner.Run(workload, point, pace, heap, directory);
        return Comparison.of(run, contenders, measure(runner(source, run), contenders));
      } finally {
        source.drop();
      }
    } finally {
      Directories.delete(directory);
    }
  }

  private SourceTable filled(Workload workload, Sweep.Point point) throws Exception {
    try (Ticker ticker = new Ticker("the source is filled", talk)) {
      return new SourceTable(workload, point);
    }
  }

  private Runner runner(SourceTable source, Runner.Run run) throws Exception {
    try (Ticker ticker = new Ticker("the source folds its changes", talk)) {
      Runner runner = new Runner(source, run);
      talk.printf("the mirror must hold %,d rows%n", runner.expected().rows());
      return runner;
    }
  }

  private List<Measurement> measure(Runner runner, List<Contender> contenders) throws Exception {
    List<Measurement> measured = new ArrayList<>();
    for (int round = 0; round < repeat; round++) {
      List<Contender> order = new ArrayList<>(contenders);
      Collections.rotate(order, -round);
      for (Contender contender : order) {
        measured.add(measure(runner, contender));
      }
    }
    return measured;
  }

  private Measurement measure(Runner runner, Contender contender) throws Exception {
    try (Ticker ticker = new Ticker(contender.id(), talk)) {
      Measurement measurement = runner.measure(contender);
      talk.printf(
          "  %-16s %,9.0f rows per CPU-second; %,d rows, %s%n",
          contender.id(),
          measurement.rowsPerCpuSecond(),
          measurement.foundRows(),
          measurement.verdict());
      return measurement;
    }
  }
}
