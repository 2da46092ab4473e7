package io.datamirror.cli;

import io.datamirror.job.Launch;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.SecretSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;

/**
 * What one start of a mirror did, told by the lake.
 *
 * @param tables by name, in the order of the spec
 */
record RunReport(Launch launch, long startMillis, Map<String, Line> tables) implements RunOutcome {

  /** One table: how many rows it has now, what was done, and why it was stopped, if it was. */
  record Line(long rows, RunCounts counts, String stopped) {}

  static RunReport of(Launch launch, SecretSource secrets, long startMillis) {
    Map<String, Line> lines = new LinkedHashMap<>();
    try (LakeCatalog catalog = LakeCatalog.open(launch.plan().spec().lake(), secrets)) {
      for (TablePlan plan : launch.plan().tables()) {
        Table table = catalog.load(plan.name());
        RunCounts counts = RunCounts.of(table, launch.plan().generation());
        String stopped = table.properties().getOrDefault(LakeKeys.STOPPED, "");
        lines.put(plan.name(), new Line(TableHistory.of(table).rows(), counts, stopped));
      }
    }
    return new RunReport(launch, startMillis, lines);
  }

  @Override
  public List<String> stopped() {
    return tables.values().stream().map(Line::stopped).filter(reason -> !reason.isEmpty()).toList();
  }

  @Override
  public List<String> lines() {
    TextTable text = new TextTable(RunCounts.HEADER);
    tables.forEach((name, line) -> text.row(line.counts().cells(name, line.rows(), startMillis)));
    return text.lines();
  }

  @Override
  public Map<String, Object> document() {
    List<Map<String, Object>> documents =
        tables.entrySet().stream()
            .map(
                entry ->
                    entry
                        .getValue()
                        .counts()
                        .document(entry.getKey(), entry.getValue().rows(), startMillis))
            .toList();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", launch.plan().spec().mirror());
    document.put("generation", launch.plan().generation());
    document.put("tables", documents);
    return document;
  }
}
