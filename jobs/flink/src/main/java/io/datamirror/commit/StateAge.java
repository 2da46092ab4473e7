package io.datamirror.commit;

import io.datamirror.change.KeyId;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.Rollback;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;

/**
 * Tells whether a restored state fits what a table holds.
 *
 * <p>Epochs alone do not tell: a start from the lake counts on from where the lake is, so it gives
 * numbers a second time that a job of an older state has given too. The generation that changed the
 * table last tells them apart. Nor do generations alone: a job that goes on from a savepoint
 * commits what the savepoint owes, under its old generation, and a start from the lake in between
 * has not seen that. Such a start knows at which epoch it began.
 *
 * <p>Nor do both together, after a savepoint: what it owes was not committed if the job failed
 * before its next checkpoint, and the attempt after that has closed the same epoch with other
 * changes. So an epoch of the state's own start is the state's only if the state knows it to be
 * committed, or owes a commit of that name.
 */
final class StateAge {

  private static final long NO_START = 0;

  private final CommitState state;
  private final long start;

  /** The age of a state that somebody thinks of starting from. */
  StateAge(CommitState state) {
    this(state, NO_START);
  }

  /**
   * The age of a state that a job goes on from.
   *
   * @param start the generation of that job
   */
  StateAge(CommitState state, long start) {
    this.state = state;
    this.start = start;
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
      return Optional.of(
          ownJobCommitted(history)
              ? LakeAhead.ofStop(name, history.epoch(), lastEpoch())
              : LakeAhead.of(name, history.epoch(), lastEpoch()));
    }
    if (!mine(name).test(history.committedGeneration(), history.epoch(), history.commitId())) {
      return Optional.of(LakeAhead.ofAttempt(name, history.epoch()));
    }
    return Optional.empty();
  }

  /**
   * Whether the job whose checkpoint this is has committed what came after it. It restarts from its
   * newest checkpoint, and from no savepoint: only the one that was to end it is committed.
   */
  private boolean ownJobCommitted(TableHistory history) {
    return start == state.generation() && start == history.committedGeneration();
  }

  /** Which epochs of a table the state knows; those of earlier starts are not asked for. */
  private Rollback.Known mine(String name) {
    long committed = committed(name);
    Set<String> owed =
        state.pending().stream()
            .filter(pending -> pending.name().equals(name))
            .map(Committable::commitId)
            .collect(Collectors.toSet());
    return (generation, epoch, commitId) ->
        generation != state.generation()
            || epoch < state.sinceEpoch()
            || epoch <= committed
            || owed.contains(commitId)
            || isRollback(commitId);
  }

  /** What was taken back to nothing has the epoch that it was taken back for, and no commit. */
  private static boolean isRollback(String commitId) {
    return commitId.isEmpty();
  }

  /**
   * Whether a table has changed after the state. Of a table that is not gone on with, nobody asks
   * whether it changed beside the state.
   */
  boolean isBefore(TableHistory history) {
    return history.committedGeneration() > state.generation()
        || (history.committedGeneration() == state.generation() && history.epoch() > lastEpoch());
  }

  /** The epoch of a table that holds nothing yet of what the state knows. */
  private long epochOfNothing(String name) {
    return state.pending().stream()
        .filter(pending -> pending.name().equals(name))
        .mapToLong(pending -> pending.epoch() - 1)
        .min()
        .orElse(lastEpoch());
  }

  /**
   * @param lakeEpoch the newest epoch of the table
   */
  private void refuseLoss(String name, long lakeEpoch) {
    long committed = committed(name);
    if (lakeEpoch < committed) {
      throw LakeBehind.of(name, lakeEpoch, committed);
    }
  }

  /** Looks at a table that is not in the lake. */
  void refuseMissing(String name) {
    long committed = committed(name);
    if (committed > 0) {
      throw LakeBehind.ofMissing(name, committed);
    }
  }

  private long committed(String name) {
    return state.committedEpochs().getOrDefault(name, 0L);
  }

  /**
   * Looks at a table of the state while the job that wrote it may still commit: what the table
   * holds more than the state is not asked for.
   *
   * @param table as it was loaded
   * @throws MirrorException if it lacks what was committed to it
   */
  void refuseLoss(String name, Table table) {
    refuseLoss(name, TableHistory.of(table).epoch());
  }

  /**
   * The same for a stranger. That job leaves it alone, so it is looked at as by a start that takes
   * nothing back, unless another start has changed it since.
   *
   * @throws MirrorException as {@link #refusePart}
   */
  void refusePart(String name, Table table) {
    refuseLoss(name, table);
    if (!isBefore(TableHistory.of(table))) {
      refusePart(name, table, OnLakeAhead.REFUSE);
    }
  }

  /** Those that the state does not know, and that have to be whole where they are gone on with. */
  List<TablePlan> strangers(List<TablePlan> tables) {
    return tables.stream()
        .filter(table -> table.feed().resumesExactly() && !knows(table.name()))
        .toList();
  }

  /**
   * Looks at a stranger: it goes on from its position, and nothing would take away what it holds of
   * the window after that. Another window is cut there, which does not tell of rows that have come
   * and gone.
   *
   * @param table as it was loaded
   * @throws MirrorException if it holds such a part, or would when it has been taken back
   */
  void refusePart(String name, Table table, OnLakeAhead policy) {
    boolean part =
        mustGoBack(name, table, policy)
            ? !rollback(name, table).endsAtPosition()
            : TableHistory.of(table).beyondPosition();
    if (part) {
      throw LakeAhead.ofPart(name);
    }
  }

  /** What takes a table back to the state. */
  Rollback rollback(String name, Table table) {
    return new Rollback(table, name, lastEpoch(), state.generation(), state.sinceEpoch())
        .knowing(mine(name), epochOfNothing(name));
  }

  /** Whether the state says how far a table was read; the mirror's own tables are not read. */
  boolean knows(String name) {
    int number = KeyId.tableNumber(name);
    return OwnTable.named(name)
        || state.closer().tables().stream().anyMatch(table -> table.table() == number);
  }

  long lastEpoch() {
    return state.closer().lastEpoch();
  }
}
