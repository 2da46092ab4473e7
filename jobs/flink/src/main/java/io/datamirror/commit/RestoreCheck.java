package io.datamirror.commit;

import io.datamirror.lake.Fenced;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;

/**
 * Compares a restored state with the lake before anything is committed.
 *
 * <p>Going on from an old state over a newer lake would write rows a second time, because the state
 * does not know that they are there. Over an older lake, it would leave out rows that the state
 * takes to be there.
 */
final class RestoreCheck {

  private final LakeCatalog catalog;
  private final Set<String> tables;
  private final long generation;
  private final StateAge age;
  private final OnLakeAhead policy;
  private final Retrying retrying;
  private final TakingBack takingBack;

  /**
   * @param tables all tables of the mirror, its own too
   * @param state what was restored
   * @param generation the start that this job belongs to
   */
  RestoreCheck(
      LakeCatalog catalog,
      Set<String> tables,
      CommitState state,
      long generation,
      OnLakeAhead policy,
      Patience patience) {
    this.catalog = catalog;
    this.tables = Set.copyOf(tables);
    this.generation = generation;
    this.age = new StateAge(state);
    this.policy = policy;
    this.retrying = new Retrying(patience);
    this.takingBack = new TakingBack(catalog, state, generation, patience);
  }

  /**
   * Looks at all tables before it touches one.
   *
   * @throws io.datamirror.error.MirrorException if the lake is ahead and the policy is to refuse,
   *     or if it lacks what was committed
   */
  void run() throws InterruptedException {
    List<String> ahead = new ArrayList<>();
    for (String name : tables) {
      if (retrying.call(name, "Reading the history", () -> mustGoBack(name))) {
        ahead.add(name);
      }
    }
    takingBack.takeBack(ahead);
  }

  private boolean mustGoBack(String name) {
    Table table = catalog.load(name);
    long newest = TableHistory.of(table).generation();
    if (newest > generation) {
      throw Fenced.of(name, newest, generation);
    }
    boolean mustGoBack = age.mustGoBack(name, table, policy);
    if (mustGoBack && !age.knows(name)) {
      throw LakeAhead.ofStranger(name);
    }
    return mustGoBack;
  }
}
