package io.datamirror.cli;

import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.TableHistory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;

/**
 * How far one table of a mirror is.
 *
 * @param history null if the table is not in the lake
 * @param snapshots how many snapshots the table keeps
 * @param ledger entries by reason
 * @param lagMillis null if it is not known
 * @param stopped why the table is not read on; empty when it is
 */
record TableStatus(
    String name,
    TableHistory history,
    long snapshots,
    Map<String, Long> ledger,
    Long lagMillis,
    String stopped) {

  /** The header of {@link #cells}. */
  static final String[] HEADER = {
    "table", "phase", "position", "lag", "rows", "ledger", "last commit", "generation", "snapshots"
  };

  static TableStatus absent(String name) {
    return new TableStatus(name, null, 0, Map.of(), null, "");
  }

  static TableStatus of(
      String name, Table table, TableHistory history, Map<String, Long> ledger, Long lagMillis) {
    long snapshots = 0;
    for (var unused : table.snapshots()) {
      snapshots++;
    }
    String stopped = table.properties().getOrDefault(LakeKeys.STOPPED, "");
    return new TableStatus(name, history, snapshots, ledger, lagMillis, stopped);
  }

  private String phase() {
    if (history == null) {
      return "absent";
    }
    if (!stopped.isEmpty()) {
      return "stopped";
    }
    return history.position().isEmpty() ? "loading" : "following";
  }

  private String committed() {
    boolean ever = history != null && history.committedMillis() > 0;
    return ever ? Instant.ofEpochMilli(history.committedMillis()).toString() : null;
  }

  private String position() {
    return history == null || history.position().isEmpty() ? null : history.position();
  }

  /** The status for people. */
  Object[] cells() {
    String reasons =
        ledger.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return new Object[] {
      name,
      phase(),
      position(),
      lagMillis == null ? null : Seconds.rough(lagMillis),
      history == null ? null : history.rows(),
      reasons.isEmpty() ? "empty" : reasons,
      committed(),
      history == null ? null : history.generation(),
      history == null ? null : snapshots
    };
  }

  /** The status for programs. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("table", name);
    document.put("phase", phase());
    document.put("stopped", stopped.isEmpty() ? null : stopped);
    document.put("position", position());
    document.put("lagMillis", lagMillis);
    document.put("rows", history == null ? null : history.rows());
    document.put("ledger", ledger);
    document.put("lastCommit", committed());
    document.put("generation", history == null ? null : history.generation());
    document.put("epoch", history == null ? null : history.epoch());
    document.put("snapshots", history == null ? null : snapshots);
    return document;
  }
}
