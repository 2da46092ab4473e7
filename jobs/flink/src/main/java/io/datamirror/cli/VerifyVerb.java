package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.SourceErrors;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import io.datamirror.verify.Difference;
import io.datamirror.verify.Verification;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares source and lake. */
@Command(
    name = "verify",
    description = {
      "Compares each table of the lake with its source, up to the position that the lake is at, and"
          + " prints the keys that differ.",
      "Both sides are read whole, and spread over files of the temporary directory: no table is held"
          + " in memory. Ends with exit code 4 if anything differs; else, if a table cannot be compared,"
          + " with that of the first such error."
    },
    footer = {
      "",
      "A difference is missing (only the source has the row), extra (only the lake has it), different"
          + " or duplicate. A table that cannot be compared is unknown, and its error says why; the others"
          + " are compared all the same.",
      "With feed: incremental, rows that changed after the lake's position are left out. So are those"
          + " of topics, since a compacted one keeps of each key the last record only.",
      "A topic whose first records are gone cannot be compared, nor a directory from which files were"
          + " moved that were read: MIRROR-2082, exit code 3.",
      "A table of Kafka that has a base table is compared with that, but for keys with records after"
          + " the lake's position. A row whose change is not in the topic yet differs until it is.",
      "Rows of the source without a cursor are on neither side; they are counted.",
      "With allowed-lateness, a key is late, and no difference, if the lake shows an earlier state of"
          + " it because a change came too late or after its delete was forgotten.",
      "",
      "Examples:",
      "  mirror verify --spec airports.yaml",
      "  mirror verify --spec airports.yaml runways --most-keys 10 -o json"
    })
final class VerifyVerb implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyVerb.class);

  @Mixin private SpecFile spec;
  @Mixin private Format.Choice output;

  @Parameters(paramLabel = "TABLE", arity = "0..1", description = "Only this table.")
  private String only;

  @Option(
      names = "--most-keys",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many differing keys are printed for a table. Default: ${DEFAULT-VALUE}.")
  private int mostKeys;

  @Spec private CommandSpec command;

  /**
   * What came of one table.
   *
   * @param result null if it could not be compared
   * @param withoutCursor rows of the source that no window will ever hold; neither side has them
   * @param problems why it could not
   */
  private record Finding(
      String table,
      Verification.Result result,
      long withoutCursor,
      List<Difference> keys,
      List<Problem> problems) {

    static Finding unknown(String table, List<Problem> problems) {
      return new Finding(table, null, 0, List.of(), problems);
    }

    boolean compared() {
      return result != null;
    }

    boolean equal() {
      return compared() && result.differences() == 0;
    }

    /** What else there is to know of a table than rows that are there or not. */
    String remarks() {
      return remark(result.movedOn(), "key", "left out")
          + remark(result.late(), "key", "late")
          + remark(result.rejected(), "change", "rejected")
          + remark(withoutCursor, "row", "without a cursor, never mirrored");
    }

    private static String remark(long count, String what, String of) {
      return count == 0 ? "" : ", " + Plural.of(count, what) + " " + of;
    }
  }

  @Override
  public Integer call() throws IOException {
    MirrorSpec mirror = spec.read();
    SecretSource secrets = SecretSource.ofProcess();
    List<TableSpec> tables = tables(mirror);
    List<Finding> findings = new ArrayList<>();
    Console console = Console.of(command);
    try (SourceTables source = SourceTables.open(mirror, secrets);
        LakeCatalog catalog = MirroredLake.open(mirror, secrets)) {
      for (TableSpec table : tables) {
        Finding finding = verify(mirror, source, catalog, table, console);
        if (Verification.ending()) {
          return ExitCode.SOFTWARE;
        }
        findings.add(finding);
        if (!output.json()) {
          print(console, finding);
        }
      }
    }
    if (output.json()) {
      console.raw(Json.document(document(mirror, findings)));
    }
    if (!findings.stream().allMatch(Finding::compared)) {
      LogFile.path().ifPresent(path -> console.say("The log is " + path));
    }
    return exitCode(findings);
  }

  /** What is known to differ weighs more than what is not known. */
  private static int exitCode(List<Finding> findings) {
    if (findings.stream().anyMatch(finding -> finding.compared() && !finding.equal())) {
      return ErrorCode.DATA_DIFFER.exitCode();
    }
    return findings.stream()
        .flatMap(finding -> finding.problems().stream())
        .findFirst()
        .map(problem -> problem.code().exitCode())
        .orElse(0);
  }

  private List<TableSpec> tables(MirrorSpec mirror) {
    if (only == null) {
      return mirror.tables();
    }
    TableSpec table =
        mirror
            .table(only)
            .orElseThrow(
                () ->
                    new MirrorException(
                        ErrorCode.WRONG_ARGUMENT,
                        only,
                        "the spec has no table of this name",
                        "Name one of "
                            + String.join(
                                ", ", mirror.tables().stream().map(TableSpec::name).toList())
                            + "."));
    return List.of(table);
  }

  /** What stands in the way of one table need not stand in the way of the next one. */
  private Finding verify(
      MirrorSpec mirror,
      SourceTables source,
      LakeCatalog catalog,
      TableSpec spec,
      Console console) {
    try {
      return compare(mirror, source, catalog, spec, console);
    } catch (ProblemsException e) {
      LOG.error("{} cannot be compared", spec.name(), SafeFailure.of(e));
      return Finding.unknown(spec.name(), e.problems());
    } catch (IOException | RuntimeException e) {
      LOG.error("{} cannot be compared", spec.name(), SafeFailure.of(e));
      MirrorException error = FailureReport.mirrorError(e, spec.name());
      return Finding.unknown(spec.name(), List.of(Problem.of(error)));
    }
  }

  private Finding compare(
      MirrorSpec mirror, SourceTables source, LakeCatalog catalog, TableSpec spec, Console console)
      throws IOException {
    source.reconnectIfLost();
    TablePlan table = source.goingOn(spec, catalog);
    List<Difference> keys = new ArrayList<>();
    Heartbeat heartbeat = new Heartbeat(spec.name(), console);
    Verification verification = Verification.of(catalog, table, mirror.source().fetchSize());
    try {
      Verification.Result result =
          verification.run(
              source.connection(),
              difference -> {
                if (keys.size() < mostKeys) {
                  keys.add(difference);
                }
              },
              heartbeat::read);
      return new Finding(spec.name(), result, source.rowsWithoutCursor(table), keys, List.of());
    } catch (SQLException e) {
      throw SourceErrors.query(e, spec.name());
    }
  }

  private static void print(Console console, Finding finding) {
    if (!finding.compared()) {
      console.data("unknown " + finding.table() + ": it cannot be compared");
      finding.problems().forEach(problem -> console.fail(problem.text()));
      return;
    }
    Verification.Result result = finding.result();
    String rows = Plural.of(result.lakeRows(), "row");
    if (finding.equal()) {
      console.data("equal   " + finding.table() + ": " + rows + finding.remarks());
      return;
    }
    console.data(
        String.format(
            "differs %s: %s; %s in the lake, %s in the source%s",
            finding.table(),
            Plural.of(result.differences(), "key"),
            rows,
            Plural.of(result.sourceRows(), "row"),
            finding.remarks()));
    finding.keys().forEach(key -> console.data("  " + key.kind().text() + " " + key.key()));
    if (finding.keys().size() < result.differences()) {
      console.say("  … and " + (result.differences() - finding.keys().size()) + " more");
    }
  }

  private static Map<String, Object> document(MirrorSpec mirror, List<Finding> findings) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", mirror.mirror());
    document.put("equal", findings.stream().allMatch(Finding::equal));
    document.put("tables", findings.stream().map(VerifyVerb::document).toList());
    return document;
  }

  private static Map<String, Object> document(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("table", finding.table());
    document.put("compared", finding.compared());
    if (!finding.compared()) {
      document.put("problems", finding.problems().stream().map(Problems::document).toList());
      return document;
    }
    document.put("sourceRows", finding.result().sourceRows());
    document.put("lakeRows", finding.result().lakeRows());
    document.put("leftOut", finding.result().movedOn());
    document.put("rejected", finding.result().rejected());
    document.put("late", finding.result().late());
    document.put("withoutCursor", finding.withoutCursor());
    document.put("differences", finding.result().differences());
    document.put(
        "keys",
        finding.keys().stream()
            .map(key -> Map.of("kind", key.kind().text(), "key", key.key()))
            .toList());
    return document;
  }
}
