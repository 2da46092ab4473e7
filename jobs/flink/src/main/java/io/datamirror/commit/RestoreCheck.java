package io.datamirror.commit;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.Fenced;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.Rollback;
import io.datamirror.lake.TableHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final StateAge age;
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
    this.age = new StateAge(state);
    this.policy = policy;
    this.retrying = new Retrying(patience);
  }

  /**
   * Looks at all tables before it touches one.
   *
   * @throws MirrorException if the lake is ahead and the policy is to refuse, or if it lacks what
   *     was committed
   */
  void run() throws InterruptedException {
    List<String> ahead = new ArrayList<>();
    for (String name : tables) {
      TableHistory history = history(name);
      age.refuseLoss(name, history.epoch());
      Optional<MirrorException> older = age.older(name, history);
      if (older.isPresent()) {
        refuseUnlessRollback(older.get());
        ahead.add(name);
      }
    }
    for (String name : ahead) {
      age.refuseLoss(name, rollback(name).epochAfter());
    }
    for (String name : ahead) {
      LOG.info("Takes {} back to epoch {}", name, age.lastEpoch());
      retrying.call(name, "The rollback", () -> rollBack(name));
    }
  }

  private TableHistory history(String name) throws InterruptedException {
    TableHistory history =
        retrying.call(name, "Reading the history", () -> TableHistory.of(catalog.load(name)));
    if (history.generation() > generation) {
      throw Fenced.of(name, history.generation(), generation);
    }
    return history;
  }

  private void refuseUnlessRollback(MirrorException older) {
    switch (policy) {
      case REFUSE, REBUILD -> throw older;
      case ROLLBACK -> {}
    }
  }

  private Rollback rollback(String name) {
    return new Rollback(catalog.load(name), name, age.lastEpoch(), age.generation());
  }

  private Void rollBack(String name) {
    rollback(name).run();
    return null;
  }
}
