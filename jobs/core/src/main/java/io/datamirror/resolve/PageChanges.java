package io.datamirror.resolve;

import java.util.List;
import java.util.Map;

/**
 * How the pages of a table differ from those that it handed out before.
 *
 * @param written by their numbers, the pages that are new or were written to
 * @param gone the numbers of pages that are no more
 */
public record PageChanges(Map<Integer, MemoryPage> written, List<Integer> gone) {

  public boolean isEmpty() {
    return written.isEmpty() && gone.isEmpty();
  }
}
