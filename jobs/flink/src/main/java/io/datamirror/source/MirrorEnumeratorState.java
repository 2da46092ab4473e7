package io.datamirror.source;

import java.util.List;

/**
 * What the enumerator keeps of a mirror.
 *
 * @param generation the start of the mirror that wrote this
 * @param tables its tables
 */
public record MirrorEnumeratorState(long generation, List<TableState> tables) {

  public MirrorEnumeratorState {
    tables = List.copyOf(tables);
  }
}
