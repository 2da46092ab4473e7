package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeTables;
import io.datamirror.lake.OwnTable;
import io.datamirror.plan.TablePlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a savepoint before a job that is to go on from it takes over the lake: a start that is
 * refused must leave a running job alone. The job looks once more when it begins, since the lake
 * may move on in between.
 */
public final class SavepointCheck {

  private static final Logger LOG = LoggerFactory.getLogger(SavepointCheck.class);

  private final String savepoint;
  private final OnLakeAhead policy;
  private Optional<CommitState> found = Optional.empty();

  /**
   * @param savepoint where it is, as Flink takes it
   * @param policy what to do when the lake is ahead of it
   */
  public SavepointCheck(String savepoint, OnLakeAhead policy) {
    this.savepoint = savepoint;
    this.policy = policy;
  }

  /**
   * Reads the savepoint and the lake; changes nothing.
   *
   * @param tables the mirrored tables
   * @throws MirrorException if the lake is ahead and may not be taken back, or lacks what was
   *     committed, or holds a part of a window of a table that the savepoint does not have, or if
   *     there is no such savepoint
   */
  public void run(LakeCatalog catalog, List<TablePlan> tables) {
    found = read();
    found.ifPresent(state -> compare(state, catalog, tables));
    LakeTables.requireFitOfState(catalog, tables, known(tables), generation());
  }

  private List<TablePlan> known(List<TablePlan> tables) {
    return found
        .map(StateAge::new)
        .map(age -> tables.stream().filter(table -> age.knows(table.name())).toList())
        .orElse(tables);
  }

  private long generation() {
    return found.map(CommitState::generation).orElse(CommitState.UNKNOWN);
  }

  /**
   * What {@link #run} would refuse, while the job that wrote the savepoint may still run: since it
   * goes on to commit, nobody asks whether the lake is ahead. Reads only.
   *
   * @param tables the mirrored tables
   * @throws MirrorException if there is no such savepoint
   */
  public List<Problem> problems(LakeCatalog catalog, List<TablePlan> tables) {
    found = read();
    List<Problem> problems =
        found.map(state -> problems(state, catalog::find, tables)).orElseGet(ArrayList::new);
    problems.addAll(LakeTables.problemsOfState(catalog, tables, known(tables), generation()));
    return problems;
  }

  /** The same for a lake that is not there. */
  public List<Problem> problemsOfNewLake(List<TablePlan> tables) {
    found = read();
    return found
        .map(state -> problems(state, name -> Optional.empty(), tables))
        .orElseGet(ArrayList::new);
  }

  /** What speaks against a state, of which a job may still run. */
  static List<Problem> problems(
      CommitState state, Function<String, Optional<Table>> lake, List<TablePlan> tables) {
    StateAge age = new StateAge(state);
    List<String> strangers = age.strangers(tables).stream().map(TablePlan::name).toList();
    List<Problem> problems = new ArrayList<>();
    for (String name : new TreeSet<>(names(state, tables))) {
      Optional<Table> table = lake.apply(name);
      try {
        if (table.isEmpty()) {
          age.refuseMissing(name);
        } else if (strangers.contains(name)) {
          age.refusePart(name, table.get());
        } else {
          age.refuseLoss(name, table.get());
        }
      } catch (MirrorException e) {
        problems.add(Problem.of(e));
      }
    }
    return problems;
  }

  /** Compares a state with the lake. */
  void compare(CommitState state, LakeCatalog catalog, List<TablePlan> tables) {
    StateAge age = new StateAge(state);
    Set<String> names = names(state, tables);
    switch (policy) {
      case ROLLBACK -> names.addAll(TakingBack.left(catalog, state, names));
      case REFUSE, REBUILD -> {}
    }
    for (String name : names) {
      Optional<Table> table = catalog.find(name);
      if (table.isPresent()) {
        age.mustGoBack(name, table.get(), policy);
      } else {
        age.refuseMissing(name);
      }
    }
    for (TablePlan stranger : age.strangers(tables)) {
      catalog
          .find(stranger.name())
          .ifPresent(table -> age.refusePart(stranger.name(), table, policy));
    }
  }

  /**
   * Takes the lake back to the savepoint where that is the policy, when nobody older can commit any
   * more and the job has not begun: it asks the lake for tables that the savepoint does not have.
   *
   * @param tables as for {@link #run}, which comes first
   * @param generation the start that does it
   * @return whether a table was taken back
   */
  public boolean takeBack(LakeCatalog catalog, List<TablePlan> tables, long generation) {
    if (found.isEmpty() || policy != OnLakeAhead.ROLLBACK) {
      return false;
    }
    CommitState state = found.get();
    try {
      return new TakingBack(catalog, state, generation, Patience.SUBMISSION)
          .run(names(state, tables));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the lake was taken back", e);
    }
  }

  /** The tables that a state and a mirror that goes on from it have to do with, its own too. */
  static Set<String> names(CommitState state, List<TablePlan> tables) {
    Set<String> names = new HashSet<>();
    tables.stream().map(TablePlan::name).forEach(names::add);
    state.pending().stream().map(Committable::name).forEach(names::add);
    for (OwnTable own : OwnTable.values()) {
      names.add(own.tableName());
    }
    return names;
  }

  private Optional<CommitState> read() {
    try {
      return Optional.of(SavepointState.read(savepoint));
    } catch (IOException e) {
      if (ExceptionUtils.findThrowable(e, UnsupportedFileSystemSchemeException.class).isPresent()) {
        LOG.warn("Only the cluster can read {}: whether it fits the lake is seen there", savepoint);
        return Optional.empty();
      }
      throw MirrorException.causedBy(
          e,
          ErrorCode.SAVEPOINT_UNREADABLE,
          savepoint,
          "no savepoint of a mirror can be read there",
          "See whether the path is that of a savepoint or retained checkpoint of this mirror.");
    }
  }
}
