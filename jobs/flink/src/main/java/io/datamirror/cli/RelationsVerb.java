package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.relate.LakeReference;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import io.datamirror.verify.Moments;
import io.datamirror.verify.Orphan;
import io.datamirror.verify.ReferenceReport;
import io.datamirror.verify.Relations;
import io.datamirror.verify.TableMoment;
import io.datamirror.verify.Verification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks whether the rows of the lake refer to each other as the spec says. */
@Command(
    name = "relations",
    description = {
      "Counts, for each relationship of the spec, the rows that refer to rows that are not there"
          + " (orphans), and those that stand against the cardinality.",
      "The counts are exact at the positions that are printed with them: those that the lake is"
          + " complete to, or was at an earlier moment that --at names. Where on-orphan is ledger,"
          + " each orphan is written to the ledger, once, and so is its end. Ends with exit code 4"
          + " if a relationship does not hold, and with 3 if none is broken, but one is not known"
          + " yet: the table that it refers to has not been read once as a whole."
    },
    footer = {
      "",
      "A moment is an epoch of the whole mirror; --at names it by a snapshot of one of the tables or"
          + " by a position that one was complete to: then the last moment before that table moved"
          + " on is meant.",
      "",
      "Examples:",
      "  mirror relations check --spec airports.yaml",
      "  mirror relations check --spec airports.yaml --at countries=651",
      "  mirror relations check --spec airports.yaml --samples 10 -o json"
    })
final class RelationsVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Format.Choice output;

  /** What can be done with relationships. */
  enum Action {
    CHECK
  }

  @Parameters(paramLabel = "check", description = "Counts orphans and cardinality breaks.")
  private Action action;

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description =
          "A snapshot id, a position, or TABLE=POSITION. Without it, the newest moment is checked.")
  private String at;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many orphans are printed of a relationship. Default: ${DEFAULT-VALUE}.")
  private int samples;

  @Spec private CommandSpec command;

  /**
   * What came of one relationship.
   *
   * @param report null if what is referred to is not loaded yet
   */
  private record Finding(LakeReference reference, ReferenceReport report, List<Orphan> orphans) {

    boolean loaded() {
      return report != null;
    }

    boolean holds() {
      return loaded() && report.holds();
    }
  }

  @Override
  public Integer call() throws IOException {
    return switch (action) {
      case CHECK -> check();
    };
  }

  private int check() throws IOException {
    MirrorSpec mirror = spec.read();
    Console console = Console.of(command);
    List<Finding> findings = new ArrayList<>();
    try (LakeCatalog catalog = MirroredLake.open(mirror, SecretSource.ofProcess())) {
      List<String> names = mirror.tables().stream().map(TableSpec::name).toList();
      Moments moments = new Moments(catalog, names);
      Map<String, TableMoment> moment = at == null ? moments.latest() : moments.at(at);
      Moments.Age age = at == null ? Moments.Age.NEWEST : Moments.Age.EARLIER;
      Relations relations = new Relations(catalog, mirror.mirror(), age);
      for (LakeReference reference : LakeReference.of(mirror.tables())) {
        Finding finding = finding(relations, reference, moment, console);
        if (Verification.ending()) {
          return ExitCode.SOFTWARE;
        }
        findings.add(finding);
      }
    } catch (IOException | RuntimeException e) {
      if (Verification.ending()) {
        return ExitCode.SOFTWARE;
      }
      throw e;
    }
    if (output.json()) {
      console.raw(Json.document(document(mirror, findings)));
    } else {
      findings.forEach(finding -> print(console, finding));
      if (findings.isEmpty()) {
        console.say("The spec has no relationships.");
      }
    }
    return exitCode(findings);
  }

  /** What is known to be broken weighs more than what is not known. */
  private static int exitCode(List<Finding> findings) {
    if (findings.stream().allMatch(Finding::holds)) {
      return 0;
    }
    boolean broken = findings.stream().anyMatch(found -> found.loaded() && !found.holds());
    return (broken ? ErrorCode.ORPHANS : ErrorCode.NO_POSITION_YET).exitCode();
  }

  private Finding finding(
      Relations relations,
      LakeReference reference,
      Map<String, TableMoment> moment,
      Console console)
      throws IOException {
    List<Orphan> orphans = new ArrayList<>();
    Heartbeat heartbeat = new Heartbeat(reference.toString(), console);
    try {
      ReferenceReport report =
          relations.check(
              reference,
              moment,
              orphan -> {
                if (orphans.size() < samples) {
                  orphans.add(orphan);
                }
              },
              heartbeat::read);
      return new Finding(reference, report, orphans);
    } catch (MirrorException e) {
      if (e.code() != ErrorCode.NO_POSITION_YET) {
        throw e;
      }
      return new Finding(reference, null, List.of());
    }
  }

  private static void print(Console console, Finding finding) {
    if (!finding.loaded()) {
      console.data(
          "unknown "
              + finding.reference()
              + " ("
              + finding.reference().cardinality()
              + "): "
              + finding.reference().referencedTable()
              + " is not loaded yet");
      return;
    }
    ReferenceReport report = finding.report();
    console.data(
        (report.holds() ? "holds   " : "broken  ")
            + report.reference()
            + " ("
            + report.reference().cardinality()
            + "): "
            + Plural.of(report.rows(), "row")
            + ", "
            + Plural.of(report.orphans(), "orphan")
            + (report.cardinalityBreaks() == 0
                ? ""
                : ", " + Plural.of(report.cardinalityBreaks(), "cardinality break"))
            + "; at "
            + place(report.table())
            + ", "
            + place(report.referenced()));
    for (Orphan orphan : finding.orphans()) {
      console.data("  orphan " + orphan.key() + " refers to " + orphan.reference());
    }
    if (finding.orphans().size() < report.orphans()) {
      console.say("  … and " + (report.orphans() - finding.orphans().size()) + " more");
    }
  }

  private static String place(TableMoment moment) {
    return moment.name() + "=" + (moment.position().isEmpty() ? "(beginning)" : moment.position());
  }

  private static Map<String, Object> document(MirrorSpec mirror, List<Finding> findings) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", mirror.mirror());
    document.put("holds", findings.stream().allMatch(Finding::holds));
    document.put("relationships", findings.stream().map(RelationsVerb::document).toList());
    return document;
  }

  private static Map<String, Object> document(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("table", finding.reference().table());
    document.putAll(finding.reference().document());
    document.put("loaded", finding.loaded());
    if (!finding.loaded()) {
      return document;
    }
    ReferenceReport report = finding.report();
    document.put("at", document(report.table()));
    document.put("referencedAt", document(report.referenced()));
    document.put("holds", report.holds());
    document.put("rows", report.rows());
    document.put("orphans", report.orphans());
    document.put("orphanValues", report.orphanValues());
    document.put("cardinalityBreaks", report.cardinalityBreaks());
    document.put("withoutReference", report.withoutReference());
    document.put("shared", report.shared());
    document.put("ambiguous", report.ambiguous());
    document.put(
        "samples",
        finding.orphans().stream()
            .map(orphan -> Map.of("key", orphan.key(), "reference", orphan.reference()))
            .toList());
    return document;
  }

  private static Map<String, Object> document(TableMoment moment) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("position", moment.position());
    document.put("epoch", moment.epoch());
    document.put("snapshot", moment.snapshotId() < 0 ? null : moment.snapshotId());
    return document;
  }
}
