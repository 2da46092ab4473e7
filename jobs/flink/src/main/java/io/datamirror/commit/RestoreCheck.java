package io.datamirror.commit;

import io.datamirror.lake.Fenced;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
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
  private final MirrorPlan plan;
  private final CommitState state;
  private final StateAge age;
  private final OnLakeAhead policy;
  private final Retrying retrying;
  private final TakingBack takingBack;

  /**
   * @param plan the mirror whose job this is
   * @param state what was restored
   */
  RestoreCheck(
      LakeCatalog catalog,
      MirrorPlan plan,
      CommitState state,
      OnLakeAhead policy,
      Patience patience) {
    this.catalog = catalog;
    this.plan = plan;
    this.state = state;
    this.age = new StateAge(state, plan.generation());
    this.policy = policy;
    this.retrying = new Retrying(patience);
    this.takingBack = new TakingBack(catalog, state, plan.generation(), patience);
  }

  /**
   * Looks at all tables before it touches one.
   *
   * @throws io.datamirror.error.MirrorException if the lake is ahead and the policy is to refuse,
   *     or if it lacks what was committed, or holds a part of a window of a table that the state
   *     does not know
   */
  void run() throws InterruptedException {
    Set<String> names = SavepointCheck.names(state, plan.tables());
    List<String> ahead = new ArrayList<>();
    for (String name : names) {
      if (retrying.call(name, "Reading the history", () -> mustGoBack(name))) {
        ahead.add(name);
      }
    }
    for (TablePlan stranger : age.strangers(plan.tables())) {
      retrying.call(stranger.name(), "Reading the history", () -> refusePart(stranger.name()));
    }
    if (policy == OnLakeAhead.ROLLBACK && state.generation() != plan.generation()) {
      String namespace = "namespace " + catalog.namespace();
      ahead.addAll(retrying.call(namespace, "Reading the histories", () -> leftAhead(names)));
    }
    takingBack.takeBack(ahead);
  }

  /** No reader has begun where one of these is, so that the state need not know them. */
  private Set<String> leftAhead(Set<String> names) {
    Set<String> left = TakingBack.leftAhead(catalog, state, names);
    left.forEach(name -> age.mustGoBack(name, catalog.load(name), policy));
    return left;
  }

  private boolean mustGoBack(String name) {
    Table table = catalog.load(name);
    long newest = TableHistory.of(table).generation();
    if (newest > plan.generation()) {
      throw Fenced.of(name, newest, plan.generation());
    }
    boolean mustGoBack = age.mustGoBack(name, table, policy);
    if (mustGoBack && !age.knows(name)) {
      throw LakeAhead.ofStranger(name);
    }
    return mustGoBack;
  }

  private Void refusePart(String name) {
    age.refusePart(name, catalog.load(name), policy);
    return null;
  }
}
