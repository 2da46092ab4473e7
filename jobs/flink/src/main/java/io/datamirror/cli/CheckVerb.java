package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.FeedFactory;
import io.datamirror.feed.Tracking;
import io.datamirror.lake.KeptColumns;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeTables;
import io.datamirror.lake.Probed;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import io.datamirror.publish.TopicState;
import io.datamirror.relate.RelationshipRules;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks whether a mirror could run. */
@Command(
    name = "check",
    description = {
      "Connects to source and lake, and checks what a mirror needs: that the tables and columns are"
          + " there and may be read, that the source tells its clock, that keys and types fit, that"
          + " the lake can be written and nobody else owns its tables.",
      "Reports on each table, and says of the lake what could not be tried without a trace. Leaves"
          + " nothing behind."
    },
    footer = {
      "",
      "Examples:",
      "  mirror check --spec airports.yaml",
      "  mirror check --spec airports.yaml" + " -o json"
    })
final class CheckVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  /** What was found out about one thing: no problems mean that it is well. */
  private record Finding(String name, String note, List<Problem> problems) {}

  @Override
  public Integer call() {
    MirrorSpec mirror = spec.read();
    SecretSource secrets = SecretSource.ofProcess();
    List<TablePlan> tables = new ArrayList<>();
    List<Finding> findings = new ArrayList<>(source(mirror, secrets, tables));
    boolean related = mirror.tables().stream().anyMatch(table -> !table.relationships().isEmpty());
    if (related && !tables.isEmpty()) {
      findings.add(relationships(mirror, tables));
    }
    findings.add(lake(mirror, tables, secrets));
    findings.addAll(topics(mirror, secrets));
    print(mirror, findings);
    return findings.stream()
        .flatMap(finding -> finding.problems().stream())
        .findFirst()
        .map(problem -> problem.code().exitCode())
        .orElse(0);
  }

  /** What was found out about each table; about the source itself, if that cannot be reached. */
  private static List<Finding> source(
      MirrorSpec mirror, SecretSource secrets, List<TablePlan> tables) {
    Map<String, TableHistory> histories = histories(mirror, secrets);
    try (SourceTables source = SourceTables.open(mirror, secrets)) {
      List<Finding> findings = new ArrayList<>();
      for (TableSpec table : mirror.tables()) {
        findings.add(table(mirror, source, table, histories.get(table.name()), tables));
      }
      return findings;
    } catch (MirrorException e) {
      return List.of(new Finding("source", "", List.of(Problem.of(e))));
    }
  }

  /**
   * What the tables in the lake tell; nothing when the lake cannot be asked, which is told later.
   */
  private static Map<String, TableHistory> histories(MirrorSpec mirror, SecretSource secrets) {
    Map<String, TableHistory> histories = new LinkedHashMap<>();
    try {
      Optional<LakeCatalog> catalog = LakeCatalog.existing(mirror.lake(), secrets);
      if (catalog.isPresent()) {
        try (LakeCatalog open = catalog.get()) {
          for (TableSpec table : mirror.tables()) {
            open.find(table.name())
                .ifPresent(found -> histories.put(table.name(), TableHistory.of(found)));
          }
        }
      }
    } catch (MirrorException e) {
      histories.clear();
    }
    return histories;
  }

  private static Finding table(
      MirrorSpec mirror,
      SourceTables source,
      TableSpec table,
      TableHistory history,
      List<TablePlan> tables) {
    try {
      TablePlan plan = source.resolve(table);
      tables.add(plan);
      source.probe(plan);
      int columns = plan.layout().storedColumns().size();
      String note =
          "reads "
              + table.source()
              + ", "
              + columns
              + " columns"
              + lost(source.rowsWithoutCursor(plan))
              + contested(plan);
      Optional<Upkeep> upkeep = source.upkeep(plan, history);
      return upkeep
          .map(kept -> tracked(mirror, table.name(), note, kept))
          .orElseGet(() -> new Finding(table.name(), note, List.of()));
    } catch (ProblemsException e) {
      return new Finding(table.name(), "", e.problems());
    } catch (MirrorException e) {
      return new Finding(table.name(), "", List.of(Problem.of(e)));
    }
  }

  private static String lost(long rows) {
    return rows == 0
        ? ""
        : "; Warning: " + Plural.of(rows, "row") + " without a cursor will never be mirrored";
  }

  private static String contested(TablePlan plan) {
    List<String> columns = FeedFactory.contestedInBase(plan.feed());
    return columns.isEmpty()
        ? ""
        : "; Warning: "
            + plan.spec().snapshot()
            + " lacks "
            + String.join(", ", columns)
            + ": a row of it may take the place of a change of the same version, with NULL in them."
            + " Add them to it, exclude them, or take snapshot: out";
  }

  private static Finding relationships(MirrorSpec mirror, List<TablePlan> tables) {
    long count = mirror.tables().stream().mapToLong(table -> table.relationships().size()).sum();
    String note = Plural.of(count, "relationship") + " between columns of one kind";
    return new Finding("relationships", note, RelationshipRules.problems(tables));
  }

  private static Finding tracked(MirrorSpec mirror, String table, String note, Upkeep kept) {
    if (kept.tracking().state() == Tracking.State.OFF) {
      Problem off =
          Problem.of(
              ErrorCode.TRACKING_OFF,
              table,
              "its source table does not keep its changes",
              "Turn it on: " + kept.tracking().enable());
      return new Finding(table, "", List.of(off));
    }
    boolean scarce = kept.scarce(mirror.source().retentionWarningPercent());
    return new Finding(
        table, note + ", " + kept.text() + (scarce ? ": run the mirror soon" : ""), List.of());
  }

  private static Finding lake(MirrorSpec mirror, List<TablePlan> tables, SecretSource secrets) {
    String name = "lake " + mirror.lake().namespace();
    try {
      Optional<LakeCatalog> catalog = LakeCatalog.existing(mirror.lake(), secrets);
      if (catalog.isEmpty()) {
        Probed place = LakeCatalog.probePlace(mirror.lake(), secrets);
        return new Finding(
            name, "will be created" + place.untried(), LakeTables.problemsOfNewLake(tables));
      }
      try (LakeCatalog open = catalog.get()) {
        Probed probed = open.probe();
        List<TablePlan> goingOn = goingOn(open, mirror, tables, secrets);
        return new Finding(
            name,
            probed.words(),
            new LakeTables(open, mirror.mirror(), mirror.source().onHistoryLost())
                .problems(goingOn));
      }
    } catch (MirrorException e) {
      return new Finding(name, "", List.of(Problem.of(e)));
    }
  }

  /** The tables as they would be read; those with problems of their own are not among them. */
  private static List<TablePlan> goingOn(
      LakeCatalog catalog, MirrorSpec mirror, List<TablePlan> tables, SecretSource secrets) {
    if (KeptColumns.differing(catalog, tables).isEmpty()) {
      return tables;
    }
    try (SourceTables source = SourceTables.open(mirror, secrets)) {
      return tables.stream().map(table -> source.goingOn(table.spec(), catalog)).toList();
    }
  }

  /** Nothing if nothing is published. */
  private static List<Finding> topics(MirrorSpec mirror, SecretSource secrets) {
    try {
      return TopicState.all(mirror, secrets).stream().map(CheckVerb::topic).toList();
    } catch (MirrorException e) {
      return List.of(new Finding("publish", "", List.of(Problem.of(e))));
    }
  }

  private static Finding topic(TopicState topic) {
    String note =
        switch (topic.stage()) {
          case MISSING -> "will be created for " + topic.table();
          case WAITING -> topic.table() + " is not published to it yet";
          case PUBLISHED -> topic.table() + " is published to it" + topic.upTo();
        };
    List<Problem> problems = topic.problem() == null ? List.of() : List.of(topic.problem());
    return new Finding("topic " + topic.topic(), note, problems);
  }

  private void print(MirrorSpec mirror, List<Finding> findings) {
    Console console = Console.of(command);
    if (output.json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("mirror", mirror.mirror());
      document.put("ok", findings.stream().allMatch(finding -> finding.problems().isEmpty()));
      document.put("findings", findings.stream().map(CheckVerb::document).toList());
      console.raw(Json.document(document));
      return;
    }
    for (Finding finding : findings) {
      boolean well = finding.problems().isEmpty();
      console.data(
          (well ? "ok      " : "problem ") + finding.name() + (well ? ": " + finding.note() : ""));
      finding.problems().forEach(problem -> console.fail(problem.text()));
    }
  }

  private static Map<String, Object> document(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", finding.name());
    document.put("note", finding.note());
    document.put("problems", finding.problems().stream().map(Problems::document).toList());
    return document;
  }
}
