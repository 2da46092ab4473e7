package io.datamirror.cli;

import io.datamirror.demo.DemoCheck;
import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoReach;
import io.datamirror.demo.DemoSpec;
import io.datamirror.demo.DemoTable;
import io.datamirror.demo.DemoWarehouse;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Mirrors real data out of an embedded warehouse, and proves the result. */
@Command(
    name = "demo",
    description = {
      "Fills an embedded warehouse with five real tables and the 365,000 changes that they went"
          + " through in four years, mirrors them, and compares every row of the result.",
      "Ends with exit code 4 if a single value differs."
    },
    footer = {
      "",
      "Examples:",
      "  mirror demo",
      "  mirror demo --shuffle 7",
      "  mirror demo --keep ./my-demo --mode batch",
      "  mirror demo --keep ./my-demo --until 1188 --until countries=1189",
      "  mirror demo --serve ./my-demo"
    })
final class DemoVerb implements Callable<Integer> {
  private static final int MOST_KEYS = 20;

  @Option(
      names = "--shuffle",
      paramLabel = "SEED",
      description =
          "Delivers the changes in random order, one in ten of them twice: the tables must"
              + " come out the same.")
  private Long seed;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description =
          "Puts warehouse, spec and lake into this directory, and keeps them. It must be empty or"
              + " new, or one of the demo's own, which then goes on. Default: a directory of its"
              + " own in the temporary directory.")
  private Path keep;

  @Option(
      names = "--until",
      paramLabel = "[TABLE=]VERSION",
      description =
          "Lets the history of all tables, or of one, pass only up to this version. May be given"
              + " several times. The demo goes on from there with --keep and the same directory.")
  private List<String> until = List.of();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "streaming",
      description =
          "How Flink executes the mirror: ${COMPLETION-CANDIDATES}. Default:"
              + " ${DEFAULT-VALUE}.")
  private RunOptions.Mode mode;

  @Option(
      names = "--serve",
      paramLabel = "DIR",
      description =
          "Mirrors nothing: puts the warehouse into this directory, which must be empty or new,"
              + " serves it to other processes in the background, and lets its changes happen in"
              + " some minutes. Prints the path of a spec of all tables; one of four tables and a"
              + " query are beside it.")
  private Path serve;

  @Option(
      names = "--stop",
      paramLabel = "DIR",
      description = "Ends what --serve has started there.")
  private Path stop;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws Exception {
    if (stop != null) {
      refuseBeside("--stop", "--serve", "--shuffle", "--keep", "--until", "--mode");
      new DemoService(stop, Console.of(command)).stop();
      return 0;
    }
    if (serve != null) {
      refuseBeside("--serve", "--shuffle", "--keep", "--until", "--mode");
      new DemoService(emptyDirectory("--serve", serve), Console.of(command)).start();
      return 0;
    }
    Path directory = keep == null ? Files.createTempDirectory("mirror-demo-") : ownDirectory(keep);
    try {
      return demo(directory);
    } finally {
      if (keep == null) {
        FileUtils.deleteDirectoryQuietly(directory.toFile());
      }
    }
  }

  private void refuseBeside(String given, String... options) {
    LeftAside.refuse(
        command,
        List.of(options),
        "this means nothing beside " + given,
        "Leave one of the two out.");
  }

  /** A directory that is empty, or that a demo has kept. */
  private static Path ownDirectory(Path wanted) throws IOException {
    Path directory = wanted.toAbsolutePath().normalize();
    return DemoSpec.wrote(directory) ? directory : emptyDirectory("--keep", directory);
  }

  private static Path emptyDirectory(String option, Path wanted) throws IOException {
    Path directory = Files.createDirectories(wanted.toAbsolutePath().normalize());
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new MirrorException(
            ErrorCode.WRONG_ARGUMENT,
            option,
            "the directory " + directory + " is not empty",
            "Name another one, or empty it.");
      }
    }
    return directory;
  }

  private int demo(Path directory) throws Exception {
    Console console = Console.of(command);
    DemoReach reach = DemoReach.of(until);
    DemoWarehouse warehouse = new DemoWarehouse(directory);
    warehouse.requireWithin(reach);
    fill(warehouse, reach, console);
    Path file = new DemoSpec(directory).write(warehouse);
    MirrorSpec spec = SpecReader.read(file);
    SecretSource secrets = SecretSource.ofProcess();
    Optional<RunReport> report =
        new MirrorRun(spec, RunOptions.untilNow(mode), secrets, console).inThisProcess();
    if (report.isEmpty()) {
      return 0;
    }
    Map<DemoTable, DemoCheck.Result> results = compare(spec, reach, secrets);
    print(report.get(), results, console);
    sayHowToLook(file, console);
    boolean verified = results.values().stream().allMatch(DemoCheck.Result::verified);
    return verified ? 0 : ErrorCode.DATA_DIFFER.exitCode();
  }

  private void fill(DemoWarehouse warehouse, DemoReach reach, Console console) throws SQLException {
    long start = System.currentTimeMillis();
    DemoOrder order = seed == null ? DemoOrder.asItHappened() : DemoOrder.shuffled(seed);
    long changes = 0;
    for (DemoTable table : DemoTable.values()) {
      changes += warehouse.fill(table, order, reach);
    }
    console.say(
        String.format(
            Locale.ROOT,
            "Embedded warehouse: %d tables, %,d changes%s, in %s s",
            DemoTable.values().length,
            changes,
            seed == null ? "" : ", shuffled with seed " + seed + ", one in ten twice",
            Seconds.between(start, System.currentTimeMillis())));
  }

  private static Map<DemoTable, DemoCheck.Result> compare(
      MirrorSpec spec, DemoReach reach, SecretSource secrets) throws IOException {
    Map<DemoTable, DemoCheck.Result> results = new EnumMap<>(DemoTable.class);
    try (LakeCatalog catalog = LakeCatalog.open(spec.lake(), secrets)) {
      for (DemoTable table : DemoTable.values()) {
        results.put(table, DemoCheck.compare(table, reach, catalog.load(table.lakeName())));
      }
    }
    return results;
  }

  private static void print(
      RunReport report, Map<DemoTable, DemoCheck.Result> results, Console console) {
    List<String> header = new ArrayList<>(List.of(RunCounts.HEADER));
    header.add("result");
    TextTable text = new TextTable(header.toArray(String[]::new));
    results.forEach(
        (table, result) -> {
          RunReport.Line line = report.tables().get(table.lakeName());
          List<Object> cells =
              new ArrayList<>(
                  Arrays.asList(
                      line.counts().cells(table.lakeName(), result.rows(), report.startMillis())));
          cells.add(result.verified() ? "verified" : result.differing().size() + " keys differ");
          text.row(cells.toArray());
        });
    console.say("");
    text.lines().forEach(console::data);
    results.forEach((table, result) -> sayDifferences(table, result, console));
  }

  private static void sayDifferences(DemoTable table, DemoCheck.Result result, Console console) {
    result.differing().stream()
        .limit(MOST_KEYS)
        .forEach(difference -> console.fail(table.lakeName() + " " + difference));
  }

  private void sayHowToLook(Path spec, Console console) {
    console.say("");
    if (keep == null) {
      console.say("To keep the lake and look around in it: ./scripts/mirror demo --keep DIR");
      return;
    }
    console.say("Look around:");
    console.say(
        "  ./scripts/mirror query --spec "
            + spec
            + " \"SELECT continent, COUNT(*) AS regions FROM regions GROUP BY continent\" -o csv");
  }
}
