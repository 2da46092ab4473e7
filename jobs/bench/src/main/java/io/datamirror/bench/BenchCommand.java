package io.datamirror.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The benchmark as a command. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = TargetsCommand.class,
    sortOptions = false,
    description = {
      "Runs Data Mirror and what people would use instead over the same changes, each in a process"
          + " of its own, and compares what they cost.",
      "The number that counts is change rows per second of CPU of that process: machines differ"
          + " and are shared, so compare within one run only. Every result is checked against the"
          + " source by count, sum of versions and a hash of all rows."
    })
public final class BenchCommand implements Callable<Integer> {

  /** Where results go unless somebody says so. */
  static final String OUT = "${sys:mirror.bench.out:-target/bench}";

  /** The exit code of wrong results. */
  static final int DATA_DIFFER = 4;

  /** The names of all that may take part. */
  static final class PeerNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    PeerNames() {
      super(Arrays.stream(Contender.values()).map(Contender::id).toList());
    }
  }

  private static final String DEFAULT_PEERS =
      "ours-hashmap,ours-rocksdb,baseline,baseline-getters,sql-hashmap,sql-rocksdb,sql-append";

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "WORKLOAD",
      defaultValue = "W3",
      description = "What to measure: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Workload workload;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAME",
      completionCandidates = PeerNames.class,
      description =
          "Who takes part, with commas between: ${COMPLETION-CANDIDATES}. W5 and W7 are for ours"
              + " alone. Default: "
              + DEFAULT_PEERS
              + ", as far as they suit the workload.")
  private List<String> peers;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "N",
      description =
          "How many changes; in W2, after those that put the keys there. Default: 2000000; W5"
              + " 600000, W6 500000, W7 200000. This, the keys, tables and changes of an epoch take"
              + " several numbers with commas between: then each is measured, and"
              + " compared with the first.")
  private List<Long> rows;

  @Option(
      names = "--keys",
      split = ",",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Over how many keys. Default: ${DEFAULT-VALUE}.")
  private List<Long> keys;

  @Option(
      names = "--fill",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Rows that are put into the table first, are not measured, and that no change touches;"
              + " for those who can tell when they are in. Default: ${DEFAULT-VALUE}.")
  private long fill;

  @Option(
      names = "--tables",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Into how many tables the changes and their keys fall, all mirrored by one job; more than"
              + " one are for ours alone. Default: ${DEFAULT-VALUE}.")
  private List<Integer> tables;

  @Option(
      names = "--epoch-rows",
      split = ",",
      paramLabel = "N",
      description =
          "Changes between two commits; in W5 a second passes between two. Default: 500000; W6"
              + " 5000, W7 500.")
  private List<Long> epochRows;

  @Option(
      names = "--pace",
      paramLabel = "N",
      defaultValue = "" + Workload.USUAL_PACE,
      description = "Changes a second in W5. Default: ${DEFAULT-VALUE}.")
  private long pace;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "" + Benchmark.USUAL_WARM_UP_SECONDS,
      description =
          "How long each contender runs at least, over a fifth of the changes again and again,"
              + " before it is measured: four times, unless that takes three times as long."
              + " Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How often each runs; the median counts, and who begins changes from round to round."
              + " Default: ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "3g",
      description = "The heap of each process. Default: ${DEFAULT-VALUE}.")
  private String heap;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = OUT,
      description =
          "Where the JSON file goes, and the chart, which W5 to W7 have not. Default: ${DEFAULT-VALUE}.")
  private Path out;

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new BenchCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Sweep sweep = new Sweep();
    List<Contender> contenders = contenders();
    try (Benchmark benchmark = new Benchmark(pace, warmUpSeconds, repeat, System.err)) {
      for (Sweep.Point point : points()) {
        Comparison comparison = benchmark.compare(workload, point, contenders, heap);
        sweep.add(comparison);
        System.out.print(comparison.table());
        Path file = comparison.write(out);
        System.err.println(
            "The JSON file, with the chart beside it if there is one, is at " + file);
      }
    }
    System.out.print(sweep.table());
    return sweep.allRight() ? 0 : DATA_DIFFER;
  }

  private List<Sweep.Point> points() {
    return Sweep.points(
        rows == null ? List.of(workload.usualRows()) : rows,
        keys,
        fill,
        tables,
        epochRows == null ? List.of(workload.usualEpochRows()) : epochRows);
  }

  private List<Contender> contenders() {
    if (peers == null) {
      return Arrays.stream(DEFAULT_PEERS.split(","))
          .map(this::contender)
          .filter(this::suits)
          .toList();
    }
    List<Contender> contenders = new ArrayList<>();
    for (String peer : peers) {
      Contender contender = contender(peer.trim());
      if (!suits(contender)) {
        throw wrong(
            peer + " cannot be asked for " + workload + " of so many tables and rows before");
      }
      if (!ClassPaths.present(contender.home())) {
        throw wrong(peer + " needs jars that are not here: scripts/mirror bench fetches them");
      }
      contenders.add(contender);
    }
    return contenders;
  }

  private boolean suits(Contender contender) {
    return tables.stream().allMatch(count -> workload.suits(contender, count, fill));
  }

  private Contender contender(String name) {
    return Contender.of(name)
        .orElseThrow(() -> wrong("nobody is called " + name + "; --help names all"));
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
