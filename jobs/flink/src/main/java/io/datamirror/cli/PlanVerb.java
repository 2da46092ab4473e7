package io.datamirror.cli;

import io.datamirror.job.Preparation;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeTables;
import io.datamirror.lake.LakeTables.Draft;
import io.datamirror.plan.TablePlan;
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
import picocli.CommandLine.Spec;

/** Says what a mirror would do. */
@Command(
    name = "plan",
    description = {
      "Prints every statement that a mirror would send to the source, and every table that it would"
          + " create in the lake.",
      "Connects to both and writes to neither."
    },
    footer = {
      "",
      "Examples:",
      "  mirror plan --spec airports.yaml",
      "  mirror plan --spec airports.yaml -o json | jq '.tables[].statements'"
    })
final class PlanVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    MirrorSpec mirror = spec.read();
    SecretSource secrets = SecretSource.ofProcess();
    List<TablePlan> tables = Preparation.resolve(mirror, secrets);
    List<Draft> drafts = drafts(mirror, tables, secrets);
    Console console = Console.of(command);
    if (output.json()) {
      console.raw(Json.document(document(mirror, tables, drafts)));
    } else {
      print(console, mirror, tables, drafts);
    }
    return 0;
  }

  private static List<Draft> drafts(
      MirrorSpec mirror, List<TablePlan> tables, SecretSource secrets) {
    Optional<LakeCatalog> catalog = LakeCatalog.existing(mirror.lake(), secrets);
    if (catalog.isEmpty()) {
      return LakeTables.draftsOfNewLake(tables);
    }
    try (LakeCatalog open = catalog.get()) {
      return new LakeTables(open, mirror.mirror()).drafts(tables);
    }
  }

  private static void print(
      Console console, MirrorSpec mirror, List<TablePlan> tables, List<Draft> drafts) {
    String namespace = mirror.lake().namespace();
    for (TablePlan table : tables) {
      console.data("-- " + table.name() + ": reads " + table.spec().source());
      table.feed().statements().forEach(statement -> console.data(statement + ";"));
      console.data("");
    }
    for (Draft draft : drafts) {
      console.data(
          "-- " + draft.name() + (draft.exists() ? ": exists in the lake" : ": would be created"));
      TableText.definition(namespace, draft).forEach(console::data);
      console.data("");
    }
    console.say("Nothing was written.");
  }

  private static Map<String, Object> document(
      MirrorSpec mirror, List<TablePlan> tables, List<Draft> drafts) {
    List<Object> reads = new ArrayList<>();
    for (TablePlan table : tables) {
      Map<String, Object> read = new LinkedHashMap<>();
      read.put("table", table.name());
      read.put("source", table.spec().source());
      read.put("statements", table.feed().statements());
      reads.add(read);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", mirror.mirror());
    document.put("tables", reads);
    document.put(
        "lake",
        drafts.stream()
            .map(draft -> TableText.document(mirror.lake().namespace(), draft))
            .toList());
    return document;
  }
}
