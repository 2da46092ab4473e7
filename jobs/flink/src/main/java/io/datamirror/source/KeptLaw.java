package io.datamirror.source;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * By what law the state of a source was made, where no lake keeps it: of a query of Flink SQL. What
 * is remembered of a key is compared with what comes byte by byte, and a position is a value of a
 * cursor; by another law both would mean something else, and nobody would notice.
 */
final class KeptLaw {

  private KeptLaw() {}

  /** The law of each table by its name; empty for a mirror. */
  static Map<String, String> of(MirrorPlan plan) {
    Map<String, String> laws = new LinkedHashMap<>();
    if (plan.spec().lake().namespace().isEmpty()) {
      plan.tables().forEach(table -> laws.put(table.name(), of(table)));
    }
    return laws;
  }

  private static String of(TablePlan table) {
    ChangeLayout layout = table.layout();
    List<String> parts = new ArrayList<>();
    parts.add("key " + columns(layout, layout.key()));
    parts.add("version " + columns(layout, layout.version()));
    if (layout.order() >= 0) {
      parts.add("order " + columns(layout, List.of(layout.order())));
    }
    parts.add("tie " + layout.tie().name());
    if (layout.time() >= 0) {
      parts.add("time " + columns(layout, List.of(layout.time())));
    }
    List<String> cursor =
        Stream.of(table.spec().transaction(), table.spec().cursor())
            .filter(Objects::nonNull)
            .toList();
    parts.add("feed " + table.spec().feed().text() + " " + cursor);
    return String.join(", ", parts);
  }

  private static List<String> columns(ChangeLayout layout, List<Integer> places) {
    return places.stream().map(layout.columns()::get).map(KeptLaw::column).toList();
  }

  private static String column(Column column) {
    return column.source() + " " + column.type();
  }

  /**
   * Compares the law of a state with that of a plan.
   *
   * @param kept by table; tables that it does not name are of an earlier release, or new
   * @throws MirrorException if they differ
   */
  static void requireSame(MirrorPlan plan, Map<String, String> kept) {
    of(plan)
        .forEach(
            (table, law) -> {
              if (!kept.getOrDefault(table, law).equals(law)) {
                throw new MirrorException(
                    ErrorCode.TABLE_DOES_NOT_FIT,
                    table,
                    "the savepoint remembers its rows by another law (%s; now %s)"
                        .formatted(kept.get(table), law),
                    "Start the query without the savepoint, into an empty table.");
              }
            });
  }
}
