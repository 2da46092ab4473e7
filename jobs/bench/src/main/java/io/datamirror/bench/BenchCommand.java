package io.datamirror.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
    sortOptions = false,
    description = {
      "Runs Data Mirror and what people would use instead over the same changes, each in a process"
          + " of its own, and compares what they cost.",
      "The number that counts is change rows per second of CPU of that process: machines differ"
          + " and are shared, so compare within one run only. Every result is checked against the"
          + " source by count, sum of versions and a hash of all rows."
    })
public final class BenchCommand implements Callable<Integer> {

  private static final int DATA_DIFFER = 4;
  private static final long DEFAULT_ROWS = 2_000_000;
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
      defaultValue = DEFAULT_PEERS,
      description =
          "Who takes part, with commas between: ours-hashmap, ours-rocksdb, baseline,"
              + " baseline-getters, sql-hashmap, sql-rocksdb, sql-mini-batch, sql-batch, sql-upsert,"
              + " sql-append, paimon, spark. Default: ${DEFAULT-VALUE}.")
  private List<String> peers;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "How many changes. Default: " + DEFAULT_ROWS + ".")
  private long rows = DEFAULT_ROWS;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Over how many keys. Default: ${DEFAULT-VALUE}.")
  private long keys;

  @Option(
      names = "--epoch-rows",
      paramLabel = "N",
      defaultValue = "500000",
      description =
          "Changes between two commits. Flink SQL commits by time: one second for each 50,000."
              + " Default: ${DEFAULT-VALUE}.")
  private long epochRows;

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
      defaultValue = "target/bench",
      description = "Where the JSON file and the chart go. Default: ${DEFAULT-VALUE}.")
  private Path out;

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new BenchCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Comparison comparison = compare(contenders(), System.err);
    System.out.print(comparison.table());
    Path file = comparison.write(out);
    System.err.println("JSON and chart are beside each other at " + file);
    return comparison.allRight() ? 0 : DATA_DIFFER;
  }

  private List<Contender> contenders() {
    List<Contender> contenders = new ArrayList<>();
    for (String peer : peers) {
      Contender contender =
          Contender.of(peer.trim())
              .orElseThrow(() -> wrong("nobody is called " + peer + "; --help names all"));
      if (!ClassPaths.present(contender.home())) {
        throw wrong(peer + " needs jars that are not here: scripts/mirror bench fetches them");
      }
      contenders.add(contender);
    }
    return contenders;
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private Comparison compare(List<Contender> contenders, PrintStream talk) throws Exception {
    Path directory = Files.createTempDirectory("mirror-bench-");
    try {
      talk.printf("%s: %s; %,d changes over %,d keys%n", workload, workload.title(), rows, keys);
      SourceTable source = new SourceTable(workload, rows, keys);
      Runner.Run run = new Runner.Run(workload, rows, keys, epochRows, heap, directory);
      Runner runner = new Runner(source, run);
      talk.printf("the mirror must hold %,d rows%n", runner.expected().rows());
      List<Measurement> measured = new ArrayList<>();
      for (int round = 0; round < repeat; round++) {
        List<Contender> order = new ArrayList<>(contenders);
        Collections.rotate(order, -round);
        for (Contender contender : order) {
          measured.add(measure(runner, contender, talk));
        }
      }
      return Comparison.of(run, contenders, measured);
    } finally {
      Directories.delete(directory);
    }
  }

  private static Measurement measure(Runner runner, Contender contender, PrintStream talk)
      throws Exception {
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
