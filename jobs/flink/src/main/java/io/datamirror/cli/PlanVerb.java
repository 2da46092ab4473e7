package io.datamirror.cli;

import io.datamirror.commit.OnLakeAhead;
import io.datamirror.commit.SavepointCheck;
import io.datamirror.error.Problem;
import io.datamirror.job.Preparation;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeTables;
import io.datamirror.lake.LakeTables.Draft;
import io.datamirror.plan.TablePlan;
import io.datamirror.publish.TopicState;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a mirror would do. */
@Command(
    name = "plan",
    description = {
      "Prints every statement that a mirror would send to the source, every table that it would"
          + " create in the lake, and what it would change in those that are there.",
      "Connects to both and writes to neither. What speaks against the tables that are there is told"
          + " too, and gives the exit code."
    },
    footer = {
      "",
      "Examples:",
      "  mirror plan --spec airports.yaml",
      "  mirror plan --spec airports.yaml -o json | jq '.tables[].statements'",
      "  mirror plan --spec airports.yaml --from-savepoint s3://bucket/savepoints/savepoint-1a2b3c"
    })
final class PlanVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;

  @Option(
      names = "--from-savepoint",
      paramLabel = "PATH",
      description =
          "Says of each table where it would go on from this savepoint or checkpoint, and refuses"
              + " one that is not this mirror's, or that does not fit the lake. Whether the lake is"
              + " ahead of it is seen at the start.")
  private String savepoint;

  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    MirrorSpec mirror = spec.read();
    SecretSource secrets = SecretSource.ofProcess();
    Optional<Resumption> resumption =
        Optional.ofNullable(savepoint).map(path -> Resumption.of(path, mirror));
    Optional<SavepointCheck> check =
        Optional.ofNullable(savepoint).map(path -> new SavepointCheck(path, OnLakeAhead.REFUSE));
    Lake lake = lake(mirror, Preparation.resolve(mirror, secrets), secrets, check);
    Console console = Console.of(command);
    if (output.json()) {
      Map<String, Object> document = document(mirror, lake);
      resumption.ifPresent(from -> document.put("savepoint", from.document()));
      console.raw(Json.document(document));
    } else {
      resumption.ifPresent(from -> from.lines().forEach(console::data));
      print(console, mirror, lake);
    }
    return lake.problems().isEmpty() ? 0 : lake.problems().get(0).code().exitCode();
  }

  /**
   * What would become of the lake.
   *
   * @param tables as they would be read
   * @param changes by table, in words
   * @param problems what speaks against it
   */
  private record Lake(
      List<TablePlan> tables,
      List<Draft> drafts,
      Map<String, List<String>> changes,
      List<Problem> problems) {

    List<String> changes(String table) {
      return changes.getOrDefault(table, List.of());
    }
  }

  private static Lake lake(
      MirrorSpec mirror,
      List<TablePlan> resolved,
      SecretSource secrets,
      Optional<SavepointCheck> savepoint) {
    Optional<LakeCatalog> catalog = LakeCatalog.existing(mirror.lake(), secrets);
    if (catalog.isEmpty()) {
      List<Problem> problems = new ArrayList<>(LakeTables.problemsOfNewLake(resolved));
      savepoint.ifPresent(state -> problems.addAll(state.problemsOfNewLake(resolved)));
      return new Lake(resolved, LakeTables.draftsOfNewLake(resolved), Map.of(), problems);
    }
    try (LakeCatalog open = catalog.get()) {
      List<TablePlan> tables = Preparation.goingOn(open, mirror, secrets, resolved);
      LakeTables lake = new LakeTables(open, mirror.mirror(), mirror.source().onHistoryLost());
      Map<String, List<String>> changes = new LinkedHashMap<>();
      tables.forEach(table -> changes.put(table.name(), lake.changes(table, tables)));
      List<Problem> problems = new ArrayList<>(lake.problems(tables));
      savepoint.ifPresent(state -> problems.addAll(state.problems(open, tables)));
      return new Lake(tables, lake.drafts(tables), changes, problems);
    }
  }

  private static void print(Console console, MirrorSpec mirror, Lake lake) {
    String namespace = mirror.lake().namespace();
    for (TablePlan table : lake.tables()) {
      console.data("-- " + table.name() + ": reads " + table.spec().source());
      table.feed().statements().forEach(statement -> console.data(statement + ";"));
      console.data("");
    }
    for (Draft draft : lake.drafts()) {
      console.data(
          "-- " + draft.name() + (draft.exists() ? ": exists in the lake" : ": would be created"));
      lake.changes(draft.name()).forEach(change -> console.data("-- " + change));
      TableText.definition(namespace, draft).forEach(console::data);
      console.data("");
    }
    topics(mirror)
        .forEach((table, topic) -> console.data("-- " + table + ": published to " + topic));
    lake.problems().forEach(problem -> console.fail(problem.text()));
    console.say("Nothing was written.");
  }

  /** The topics by the tables that would be published there; Kafka is not asked. */
  private static Map<String, String> topics(MirrorSpec mirror) {
    return mirror
        .publishing()
        .map(publish -> TopicState.topics(mirror, publish))
        .orElseGet(Map::of);
  }

  private static Map<String, Object> document(MirrorSpec mirror, Lake lake) {
    List<Object> reads = new ArrayList<>();
    for (TablePlan table : lake.tables()) {
      Map<String, Object> read = new LinkedHashMap<>();
      read.put("table", table.name());
      read.put("source", table.spec().source());
      read.put("statements", table.feed().statements());
      reads.add(read);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", mirror.mirror());
    document.put("tables", reads);
    List<Object> drafts = new ArrayList<>();
    for (Draft draft : lake.drafts()) {
      Map<String, Object> text = TableText.document(mirror.lake().namespace(), draft);
      text.put("changes", lake.changes(draft.name()));
      drafts.add(text);
    }
    document.put("lake", drafts);
    if (mirror.publishing().isPresent()) {
      document.put("topics", topics(mirror));
    }
    document.put("problems", lake.problems().stream().map(Problems::document).toList());
    return document;
  }
}
