package io.datamirror.commit;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.TableHistory;
import java.util.Optional;

/**
 * Tells whether a restored state fits what a table holds.
 *
 * <p>Epochs alone do not tell: a start from the lake counts on from where the lake is, so it gives
 * numbers a second time that a job of an older state has given too. The generation that changed the
 * table last tells them apart.
 */
final class StateAge {

  private final CommitState state;

  StateAge(CommitState state) {
    this.state = state;
  }

  /** What speaks against going on from the state over a table that has moved on without it. */
  Optional<MirrorException> older(String table, TableHistory history) {
    if (history.committedGeneration() > state.generation()) {
      return Optional.of(
          LakeAhead.ofGeneration(table, history.committedGeneration(), state.generation()));
    }
    if (history.epoch() > lastEpoch()) {
      return Optional.of(LakeAhead.of(table, history.epoch(), lastEpoch()));
    }
    return Optional.empty();
  }

  /**
   * @param lakeEpoch the newest epoch of the table
   * @throws MirrorException if the table lacks what was committed to it
   */
  void refuseLoss(String table, long lakeEpoch) {
    long committed = state.committedEpochs().getOrDefault(table, 0L);
    if (lakeEpoch < committed) {
      throw LakeBehind.of(table, lakeEpoch, committed);
    }
  }

  long lastEpoch() {
    return state.closer().lastEpoch();
  }

  long generation() {
    return state.generation();
  }
}
