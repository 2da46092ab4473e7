package io.datamirror.lake;

import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the files of all tables of one writer have in common.
 *
 * @param catalog where their tables are
 * @param subtask which of the parallel writers it is
 * @param attempt how often it was started before
 * @param waiting where rows wait
 * @param reloading when a table is loaded again; one for all
 */
record LakeWriter(
    LakeCatalog catalog, int subtask, int attempt, WaitingRows waiting, Reloading reloading) {

  TableFiles files(LakeTable table) {
    return new TableFiles(table, subtask, attempt, waiting);
  }

  <T> Reloaded<T> reloaded(String table, Supplier<T> load, Predicate<T> replaceable) {
    return new Reloaded<>(table, load, replaceable, reloading);
  }
}
