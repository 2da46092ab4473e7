package io.datamirror.cli;

import io.datamirror.cluster.SavepointFile;
import io.datamirror.source.TableState;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the tables of a mirror go on from a savepoint.
 *
 * @param goesOn the position of each table that the savepoint knows; null before it has one
 * @param begins tables that it does not know
 * @param leaves tables that it knows and the spec does not name any more
 */
record Resumption(
    String savepoint, Map<String, String> goesOn, List<String> begins, List<String> leaves) {

  /**
   * Compares a savepoint with a spec.
   *
   * @throws io.datamirror.error.MirrorException if the savepoint is not the mirror's
   */
  static Resumption of(String path, MirrorSpec mirror) {
    SavepointFile file = SavepointFile.read(path);
    file.requireOf(mirror.mirror());
    Map<String, String> known = new TreeMap<>();
    for (TableState table : file.source().tables()) {
      known.put(table.table(), table.last() == null ? null : table.last().text());
    }
    Map<String, String> goesOn = new LinkedHashMap<>();
    List<String> begins = new ArrayList<>();
    for (TableSpec table : mirror.tables()) {
      if (known.containsKey(table.name())) {
        goesOn.put(table.name(), known.remove(table.name()));
      } else {
        begins.add(table.name());
      }
    }
    return new Resumption(path, goesOn, begins, List.copyOf(known.keySet()));
  }

  /** The comparison for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("-- from " + savepoint);
    goesOn.forEach(
        (table, position) ->
            lines.add(
                "--   "
                    + table
                    + (position == null
                        ? ": goes on, no position yet"
                        : ": goes on after " + position)));
    begins.forEach(table -> lines.add("--   " + table + ": begins"));
    leaves.forEach(
        table -> lines.add("--   " + table + ": is no longer mirrored; its table stays"));
    lines.add("");
    return lines;
  }

  /** The comparison for programs. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("path", savepoint);
    document.put("goesOn", goesOn);
    document.put("begins", begins);
    document.put("leaves", leaves);
    return document;
  }
}
