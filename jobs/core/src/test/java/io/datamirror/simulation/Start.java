package io.datamirror.simulation;

import io.datamirror.resolve.testing.Violation;
import java.util.ArrayDeque;

/** A job that is being submitted: takes over the lake step by step, and then runs. */
final class Start {

  private final World world;
  private final Checkpoint from;
  private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
  private final boolean hopeless;
  private long generation;
  private long reconciledEpoch;

  /**
   * @param from the state to go on from; null to go on from the lake
   */
  Start(World world, Checkpoint from) {
    this.world = world;
    this.from = from;
    this.hopeless = from != null && lakeAhead();
    if (!world.settings.has(Flaw.FENCED_BEFORE_THE_LOOK)) {
      steps.add(this::refuseOldState);
    }
    int tables = world.lake.size();
    for (int i = 0; i < tables; i++) {
      // The tombstones first: of two starts at the same time they let one go on.
      int table = (world.lake.tombstones() + i) % tables;
      steps.add(() -> raise(table));
    }
    steps.add(this::refuseOldState);
    if (from == null) {
      steps.add(() -> reconciledEpoch = world.lake.lastEpoch() + 1);
      for (int i = 0; i < world.logs.size(); i++) {
        int table = i;
        steps.add(() -> reconcile(table));
      }
    }
  }

  /** Does the next step; the job when it was the last. */
  Job step() {
    steps.poll().run();
    return steps.isEmpty() ? new Job(world, generation, from) : null;
  }

  private void raise(int index) {
    world.at(CrashPoint.DURING_TAKEOVER);
    LakeTable table = world.lake.table(index);
    if (generation == 0) {
      for (int i = 0; i < world.lake.size(); i++) {
        generation = Math.max(generation, world.lake.table(i).generation + 1);
      }
    }
    if (table.generation >= generation) {
      throw new Stopped(Stopped.Reason.FENCED);
    }
    table.generation = generation;
    table.version++;
  }

  private void reconcile(int index) {
    world.at(CrashPoint.BETWEEN_RECONCILED_TABLES);
    if (world.lake.table(world.lake.tombstones()).generation > generation
        || world.lake.table(world.lake.ledger()).generation > generation) {
      throw new Stopped(Stopped.Reason.FENCED);
    }
    if (!world.settings.has(Flaw.TOMBSTONES_NOT_RECONCILED)) {
      world.lake.reconcileTombstones(index, generation, reconciledEpoch);
    }
    if (!world.settings.has(Flaw.LEDGER_NOT_RECONCILED)) {
      world.lake.reconcileLedger(index, generation, reconciledEpoch);
    }
  }

  private void refuseOldState() {
    if (from == null || world.settings.has(Flaw.OLD_STATE_ACCEPTED)) {
      return;
    }
    if (lakeAhead()) {
      if (hopeless && generation != 0) {
        throw new Violation("a start that had no chance has fenced the running job");
      }
      throw new Stopped(Stopped.Reason.LAKE_AHEAD);
    }
  }

  private boolean lakeAhead() {
    boolean byEpochAlone = world.settings.has(Flaw.STATE_COMPARED_BY_EPOCH_ALONE);
    for (int i = 0; i < world.lake.size(); i++) {
      LakeTable table = world.lake.table(i);
      boolean newer = !byEpochAlone && table.epochGeneration > from.generation;
      if (newer || forked(table) || table.epoch > from.lastEpoch()) {
        return true;
      }
    }
    return false;
  }

  /** An older generation has given an epoch after the state's own had begun without it. */
  private boolean forked(LakeTable table) {
    return !world.settings.has(Flaw.FORK_NOT_NOTICED)
        && table.epochGeneration < from.generation
        && table.epoch >= from.sinceEpoch;
  }
}
