package io.datamirror.commit;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.Rollback;
import io.datamirror.lake.TableHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a restored state with the lake before anything is committed.
 *
 * <p>Going on from an old state over a newer lake would write rows a second time, because the state
 * does not know that they are there. Over an older lake, it would leave out rows that the state
 * takes to be there.
 */
final class RestoreCheck {

  private static final Logger LOG = LoggerFactory.getLogger(RestoreCheck.class);

  private final LakeCatalog catalog;
  private final Set<String> tables;
  private final long generation;
  private final CommitState state;
  private final OnLakeAhead policy;
  private final Retrying retrying;

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
    this.state = state;
    this.policy = policy;
    this.retrying = new Retrying(patience);
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
      if (lakeEpoch(name) > lastEpoch()) {
        ahead.add(name);
      }
    }
    for (String name : ahead) {
      decide(name);
    }
  }

  private long lastEpoch() {
    return state.closer().lastEpoch();
  }

  private long lakeEpoch(String name) throws InterruptedException {
    TableHistory history =
        retrying.call(name, "Reading the history", () -> TableHistory.of(catalog.load(name)));
    if (history.generation() > generation) {
      throw Fenced.of(name, history.generation(), generation);
    }
    long committed = state.committedEpochs().getOrDefault(name, 0L);
    if (history.epoch() < committed) {
      throw LakeBehind.of(name, history.epoch(), committed);
    }
    return history.epoch();
  }

  private void decide(String name) throws InterruptedException {
    long lakeEpoch = lakeEpoch(name);
    switch (policy) {
      case REFUSE, REBUILD -> throw LakeAhead.of(name, lakeEpoch, lastEpoch());
      case ROLLBACK -> {
        LOG.info("Takes {} back from epoch {} to {}", name, lakeEpoch, lastEpoch());
        retrying.call(name, "The rollback", () -> rollback(name));
      }
    }
  }

  private Void rollback(String name) {
    Rollback.to(catalog.load(name), name, lastEpoch());
    return null;
  }
}
