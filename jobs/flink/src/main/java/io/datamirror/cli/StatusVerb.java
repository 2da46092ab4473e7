package io.datamirror.cli;

import io.datamirror.error.MirrorException;
import io.datamirror.error.ProblemsException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import io.datamirror.publish.TopicState;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.iceberg.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says how far a mirror is, by what the lake tells. */
@Command(
    name = "status",
    description = {
      "Says of each table how far it is: phase, position, lag, rows, entries of the ledger, last"
          + " commit.",
      "Everything comes from the lake, whoever writes it at the moment; the source is asked for the"
          + " lag alone, if it can be reached."
    },
    footer = {
      "",
      "Phases: absent (not in the lake yet), loading (no position yet), following, stopped (the"
          + " table is not read on; the reason is told).",
      "",
      "Examples:",
      "  mirror status --spec airports.yaml",
      "  mirror status --spec airports.yaml -o json | jq '.tables[] | {table, lagMillis}'"
    })
final class StatusVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    MirrorSpec mirror = spec.read();
    SecretSource secrets = SecretSource.ofProcess();
    Console console = Console.of(command);
    Map<String, Upkeep> upkeep = new HashMap<>();
    Map<String, Long> lags = lags(mirror, secrets, console, upkeep);
    List<TableStatus> tables = new ArrayList<>();
    Optional<LakeCatalog> catalog = LakeCatalog.existing(mirror.lake(), secrets);
    if (catalog.isEmpty()) {
      mirror.tables().forEach(table -> tables.add(TableStatus.absent(table.name())));
    } else {
      try (LakeCatalog open = catalog.get()) {
        LedgerCounts ledger = LedgerCounts.of(open, mirror.mirror());
        for (TableSpec table : mirror.tables()) {
          tables.add(status(open, table.name(), ledger, lags));
        }
      }
    }
    List<TopicState> topics = topics(console, mirror, secrets);
    if (output.json()) {
      console.raw(Json.document(document(mirror, tables, upkeep, topics)));
    } else {
      print(console, mirror, tables, upkeep);
      topics.forEach(topic -> console.say(text(topic)));
    }
    return 0;
  }

  private static TableStatus status(
      LakeCatalog catalog, String name, LedgerCounts ledger, Map<String, Long> lags) {
    Optional<Table> table = catalog.find(name);
    return table.isEmpty()
        ? TableStatus.absent(name)
        : TableStatus.of(
            name, table.get(), TableHistory.of(table.get()), ledger.of(name), lags.get(name));
  }

  /** The lag of each table for which it can be told. */
  private static Map<String, Long> lags(
      MirrorSpec mirror, SecretSource secrets, Console console, Map<String, Upkeep> upkeep) {
    try (LakeLag lag = LakeLag.open(mirror, secrets)) {
      upkeep.putAll(lag.upkeep());
      return lag.all();
    } catch (MirrorException e) {
      console.say("The lag is not known: " + e.getMessage());
      return Map.of();
    } catch (ProblemsException e) {
      console.say("The lag is not known: " + e.problems().get(0).text());
      return Map.of();
    }
  }

  /** What was published; nothing, if Kafka cannot be asked. */
  private static List<TopicState> topics(Console console, MirrorSpec mirror, SecretSource secrets) {
    try {
      return TopicState.all(mirror, secrets);
    } catch (MirrorException e) {
      console.say("What was published is not known: " + e.getMessage());
      return List.of();
    }
  }

  private static String text(TopicState topic) {
    if (topic.problem() != null) {
      return topic.table() + " cannot be published: " + topic.problem().text();
    }
    String howFar =
        switch (topic.stage()) {
          case MISSING, WAITING -> " is not published yet to ";
          case PUBLISHED -> " is published" + topic.upTo() + " to ";
        };
    return topic.table() + howFar + topic.topic();
  }

  private static Map<String, Object> document(
      MirrorSpec mirror,
      List<TableStatus> tables,
      Map<String, Upkeep> upkeep,
      List<TopicState> topics) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", mirror.mirror());
    document.put("tables", tables.stream().map(table -> document(table, upkeep)).toList());
    if (mirror.publishing().isPresent()) {
      document.put("topics", topics.stream().map(StatusVerb::document).toList());
    }
    return document;
  }

  private static Map<String, Object> document(TopicState topic) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("table", topic.table());
    document.put("topic", topic.topic());
    document.put("epoch", topic.epoch());
    document.put("problem", topic.problem() == null ? null : topic.problem().text());
    return document;
  }

  private static void print(
      Console console, MirrorSpec mirror, List<TableStatus> tables, Map<String, Upkeep> upkeep) {
    TextTable text = new TextTable(TableStatus.HEADER);
    tables.forEach(table -> text.row(table.cells()));
    text.lines().forEach(console::data);
    tables.stream()
        .map(TableStatus::stopped)
        .filter(reason -> !reason.isEmpty())
        .forEach(console::fail);
    int percent = mirror.source().retentionWarningPercent();
    for (TableStatus table : tables) {
      Upkeep kept = upkeep.get(table.name());
      if (kept != null) {
        console.say((kept.scarce(percent) ? "Warning: " : "") + table.name() + ": " + kept.text());
      }
    }
  }

  private static Map<String, Object> document(TableStatus table, Map<String, Upkeep> upkeep) {
    Map<String, Object> document = table.document();
    if (upkeep.containsKey(table.name())) {
      document.put("history", upkeep.get(table.name()).document());
    }
    return document;
  }
}
