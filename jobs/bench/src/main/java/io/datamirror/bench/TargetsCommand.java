package io.datamirror.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything that the product's speed is held to, trial by trial. */
@Command(
    name = "targets",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes every comparison that the product's speed is held to, and says of each figure what"
            + " is asked, what was measured and whether it was reached.")
final class TargetsCommand implements Callable<Integer> {

  /** The names of all trials, whatever their size. */
  static final class TrialNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    TrialNames() {
      super(Trial.all(1).stream().map(Trial::name).toList());
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "TRIAL",
      completionCandidates = TrialNames.class,
      description =
          "The trials to make, with commas between: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<String> only;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10000000",
      description =
          "Changes of the usual trial; others keep their proportion to it, but for fresh, which takes"
              + " half a minute whatever this is. Default: ${DEFAULT-VALUE}.")
  private long rows;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each contender runs; the median counts. Default: ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = BenchCommand.OUT,
      description = "Where the JSON files and the charts go. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    Targets targets = new Targets(repeat);
    boolean allRight = true;
    try (Benchmark benchmark =
        new Benchmark(Workload.USUAL_PACE, Benchmark.USUAL_WARM_UP_SECONDS, repeat, System.err)) {
      for (Trial trial : trials()) {
        allRight &= make(trial, benchmark, targets);
        targets.write(out);
      }
    }
    System.out.print(targets.table());
    System.err.println("The same as JSON and Markdown is at " + targets.write(out));
    return allRight ? 0 : BenchCommand.DATA_DIFFER;
  }

  private List<Trial> trials() {
    List<Trial> all = Trial.all(rows);
    if (only == null) {
      return all;
    }
    for (String name : only) {
      if (all.stream().noneMatch(trial -> trial.name().equals(name))) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "no trial is called "
                + name
                + ", but "
                + all.stream().map(Trial::name).collect(Collectors.joining(", ")));
      }
    }
    return all.stream().filter(trial -> only.contains(trial.name())).toList();
  }

  private boolean make(Trial trial, Benchmark benchmark, Targets targets) throws Exception {
    System.err.println("Trial " + trial.name());
    List<Comparison> comparisons = new ArrayList<>();
    for (Sweep.Point point : trial.points()) {
      Comparison comparison =
          benchmark.compare(trial.workload(), point, trial.contenders(), trial.heap());
      comparison.write(out.resolve(trial.name()));
      System.out.print(comparison.table());
      comparisons.add(comparison);
    }
    targets.add(trial, comparisons);
    return comparisons.stream().allMatch(Comparison::allRight);
  }
}
