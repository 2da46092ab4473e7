package io.datamirror.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was asked and what was measured, line by line. */
final class Targets {

  private final List<Line> lines = new ArrayList<>();
  private final int runs;

  /**
   * @param runs of which each figure is the median
   */
  Targets(int runs) {
    this.runs = runs;
  }

  private record Line(Trial trial, Target target, double measured) {

    String verdict() {
      if (Double.isNaN(measured)) {
        return "not measured";
      }
      return target.reached(measured) ? "reached" : "missed";
    }
  }

  /** The targets of a trial that was made. */
  void add(Trial trial, List<Comparison> comparisons) {
    for (Target target : trial.targets()) {
      lines.add(new Line(trial, target, target.figure().applyAsDouble(comparisons)));
    }
  }

  /** As a table in Markdown. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append("| workload | size | figure | asked | measured | runs | |%n".formatted());
    text.append("|---|---|---|---|---|---|---|%n".formatted());
    for (Line line : lines) {
      text.append(
          "| %s, %s | %s | %s | %s | %s | %d | %s |%n"
              .formatted(
                  line.trial.workload(),
                  line.trial.name(),
                  sizes(line.trial),
                  line.target.what(),
                  line.target.demand(),
                  Double.isNaN(line.measured) ? "-" : Target.number(line.measured),
                  runs,
                  line.verdict()));
    }
    return text.toString();
  }

  /**
   * All of them, for what is held to one of them and for what is held to what became of another.
   */
  private static String sizes(Trial trial) {
    return trial.points().stream()
        .map(point -> point.describe(trial.workload()))
        .collect(Collectors.joining("; "));
  }

  /** Writes them as JSON and as Markdown; returns the JSON file. */
  Path write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("targets.md"), table());
    Path file = directory.resolve("targets.json");
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), lines.stream().map(this::json).toList());
    return file;
  }

  private Map<String, Object> json(Line line) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("trial", line.trial.name());
    json.put("workload", line.trial.workload().name());
    json.put("sizes", sizes(line.trial));
    json.put("figure", line.target.what());
    json.put("asked", line.target.demand());
    json.put("measured", Double.isNaN(line.measured) ? null : line.measured);
    json.put("runs", runs);
    json.put("verdict", line.verdict());
    return json;
  }
}
