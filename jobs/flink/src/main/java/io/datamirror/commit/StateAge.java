package io.datamirror.commit;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.Rollback;
import io.datamirror.lake.TableHistory;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * Tells whether a restored state fits what a table holds.
 *
 * <p>Epochs alone do not tell: a start from the lake counts on from where the lake is, so it gives
 * numbers a second time that a job of an older state has given too. The generation that changed the
 * table last tells them apart. Nor do generations alone: a job that goes on from a savepoint
 * commits what the savepoint owes, under its old generation, and a start from the lake in between
 * has not seen that. Such a start knows at which epoch it began.
 */
final class StateAge {

  private final CommitState state;

  StateAge(CommitState state) {
    this.state = state;
  }

  /**
   * Looks at a table; changes nothing.
   *
   * @param table as it was loaded
   * @return whether the table has to be taken back to the state
   * @throws MirrorException if the table has moved on without the state and may not be taken back,
   *     or if it lacks what was committed to it
   */
  boolean mustGoBack(String name, Table table, OnLakeAhead policy) {
    TableHistory history = TableHistory.of(table);
    refuseLoss(name, history.epoch());
    Optional<MirrorException> older = older(name, history);
    if (older.isEmpty()) {
      return false;
    }
    switch (policy) {
      case REFUSE, REBUILD -> throw older.get();
      case ROLLBACK -> refuseLoss(name, rollback(name, table).epochAfter());
    }
    return true;
  }

  private Optional<MirrorException> older(String name, TableHistory history) {
    if (history.committedGeneration() > state.generation()) {
      return Optional.of(
          LakeAhead.ofGeneration(name, history.committedGeneration(), state.generation()));
    }
    if (history.committedGeneration() < state.generation()
        && history.epoch() >= state.sinceEpoch()) {
      return Optional.of(LakeAhead.ofFork(name, history, state));
    }
    if (history.epoch() > lastEpoch()) {
      return Optional.of(LakeAhead.of(name, history.epoch(), lastEpoch()));
    }
    return Optional.empty();
  }

  /**
   * @param lakeEpoch the newest epoch of the table; 0 if it is not there
   */
  void refuseLoss(String name, long lakeEpoch) {
    long committed = state.committedEpochs().getOrDefault(name, 0L);
    if (lakeEpoch < committed) {
      throw LakeBehind.of(name, lakeEpoch, committed);
    }
  }

  /** What takes a table back to the state. */
  Rollback rollback(String name, Table table) {
    return new Rollback(table, name, lastEpoch(), state.generation(), state.sinceEpoch());
  }

  long lastEpoch() {
    return state.closer().lastEpoch();
  }
}
