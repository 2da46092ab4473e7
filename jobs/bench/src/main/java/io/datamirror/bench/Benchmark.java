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
 * <p>The changes of a comparison stay until another one needs others: to make them takes minutes.
 */
final class Benchmark implements AutoCloseable {

  /** By then the compiler is through with most of what it will ever do. */
  static final int USUAL_WARM_UP_SECONDS = 20;

  private final long pace;
  private final int warmUpSeconds;
  private final int repeat;
  private final PrintStream talk;
  private SourceTable source;

  /**
   * @param pace changes a second where they come at a pace
   * @param warmUpSeconds how long each contender runs at least before it is measured
   * @param repeat how often each runs; who begins changes from round to round
   * @param talk takes what is being done
   */
  Benchmark(long pace, int warmUpSeconds, int repeat, PrintStream talk) {
    this.pace = pace;
    this.warmUpSeconds = warmUpSeconds;
    this.repeat = repeat;
    this.talk = talk;
  }

  /**
   * Compares contenders.
   *
   * @param heap of each process, as for -Xmx
   */
  Comparison compare(Workload workload, Sweep.Point point, List<Contender> contenders, String heap)
      throws Exception {
    Path directory = Files.createTempDirectory("mirror-bench-");
    try {
      talk.printf("%s: %s; %s%n", workload, workload.title(), point.describe(workload));
      fill(workload, point);
      Runner.Run run = new Runner.Run(workload, point, pace, warmUpSeconds, heap, directory);
      return Comparison.of(run, contenders, measure(runner(run), contenders));
    } finally {
      Directories.delete(directory);
    }
  }

  private void fill(Workload workload, Sweep.Point point) throws Exception {
    if (source != null && source.holds(workload, point)) {
      return;
    }
    close();
    try (Ticker ticker = new Ticker("the source is filled", talk)) {
      source = new SourceTable(workload, point);
    }
  }

  /** Gives the space of the changes back. */
  @Override
  public void close() throws Exception {
    if (source != null) {
      source.drop();
      source = null;
    }
  }

  private Runner runner(Runner.Run run) throws Exception {
    try (Ticker ticker = new Ticker("the source folds its changes", talk)) {
      Runner runner = new Runner(source, run);
      talk.printf("the mirror must hold %,d rows%n", runner.expected().rows());
      return runner;
    }
  }

  /** A contender that breaks down has no number, and is not asked again. */
  private List<Measurement> measure(Runner runner, List<Contender> contenders) throws Exception {
    List<Measurement> measured = new ArrayList<>();
    List<Contender> order = new ArrayList<>(contenders);
    for (int round = 0; round < repeat; round++) {
      for (Contender contender : List.copyOf(order)) {
        try {
          measured.add(measure(runner, contender));
        } catch (ContenderFailed failure) {
          talk.println(failure.getMessage());
          order.remove(contender);
          measured.removeIf(measurement -> measurement.contender() == contender);
        }
      }
      Collections.rotate(order, -1);
    }
    return measured;
  }

  private Measurement measure(Runner runner, Contender contender) throws Exception {
    try (Ticker ticker = new Ticker(contender.id(), talk)) {
      Measurement measurement = runner.measure(contender);
      talk.printf(
          "  %-18s %,9.1f CPU-seconds; %,d rows, %s%n",
          contender.id(), measurement.cpuSeconds(), measurement.foundRows(), measurement.verdict());
      return measurement;
    }
  }
}
