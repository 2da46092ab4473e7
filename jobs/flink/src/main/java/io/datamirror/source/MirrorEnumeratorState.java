package io.datamirror.source;

import java.util.List;
import java.util.Map;

/**
 * What the enumerator keeps of a mirror.
 *
 * @param generation the start of the mirror that wrote this
 * @param tables its tables
 * @param laws by the name of a table, the law by which its state was made; empty where the lake
 *     keeps it, see {@link KeptLaw}
 */
public record MirrorEnumeratorState(
    long generation, List<TableState> tables, Map<String, String> laws) {

  public MirrorEnumeratorState {
    tables = List.copyOf(tables);
    laws = Map.copyOf(laws);
  }

  /** The state of a mirror whose lake keeps the law. */
  MirrorEnumeratorState(long generation, List<TableState> tables) {
    this(generation, tables, Map.of());
  }
}
