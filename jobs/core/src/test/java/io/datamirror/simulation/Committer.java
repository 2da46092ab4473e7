package io.datamirror.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Commits what was closed: of one table in order, of all tables side by side, the mirror's own
 * before the others. A commit is found before it is made, and an outcome that is not known is
 * looked up.
 */
final class Committer {

  private static final long NOT_LOADED = -1;

  /** What can become of a request. */
  private enum Fate {
    LOST,
    APPLIED_REPLY_LOST,
    APPLIED_LATE
  }

  /** The commits of one table. */
  private static final class Lane {
    final ArrayDeque<Committable> waiting = new ArrayDeque<>();
    long base = NOT_LOADED;
    int attempts;
  }

  private final World world;
  private final long generation;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<Committable> open = new ArrayList<>();

  Committer(World world, long generation) {
    this.world = world;
    this.generation = generation;
    for (int i = 0; i < world.lake.size(); i++) {
      lanes.add(new Lane());
    }
  }

  /** Takes what may be committed from now on, in the order of epochs. */
  void submit(List<Committable> committables) {
    for (Committable committable : committables) {
      lanes.get(committable.table()).waiting.add(committable);
      open.add(committable);
    }
  }

  /** What was submitted and is not known to be committed. */
  List<Committable> open() {
    return open;
  }

  /** Does one thing for one table, if there is one to do. */
  boolean step() {
    int turn = world.chance.below(lanes.size());
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get((turn + i) % lanes.size());
      if (!lane.waiting.isEmpty() && allowed(lane.waiting.peek())) {
        proceed(lane, lane.waiting.peek());
        return true;
      }
    }
    return false;
  }

  private boolean allowed(Committable committable) {
    if (world.lake.own(committable.table()) || world.settings.has(Flaw.TABLES_BEFORE_TOMBSTONES)) {
      return true;
    }
    boolean sameOnly = world.settings.has(Flaw.OLDER_TOMBSTONES_NOT_AWAITED);
    return open.stream()
        .noneMatch(
            other ->
                world.lake.own(other.table())
                    && (sameOnly
                        ? other.epoch() == committable.epoch()
                        : other.epoch() <= committable.epoch()));
  }

  private void proceed(Lane lane, Committable committable) {
    if (lane.base == NOT_LOADED) {
      load(lane, committable);
    } else {
      request(lane, committable);
    }
  }

  private void load(Lane lane, Committable committable) {
    LakeTable table = world.lake.table(committable.table());
    boolean blind = world.settings.has(Flaw.COMMITTED_AGAIN_BLINDLY) && lane.attempts > 0;
    if (!blind && table.commitIds.contains(commitId(lane, committable))) {
      world.trace.add("table %s has %s already", committable.table(), committable.commitId());
      done(lane);
      return;
    }
    if (table.generation > generation && !world.settings.has(Flaw.NO_FENCE)) {
      throw new Stopped(Stopped.Reason.FENCED);
    }
    boolean unordered =
        blind
            || world.settings.has(Flaw.NO_FENCE)
            || world.settings.has(Flaw.OLD_STATE_ACCEPTED)
            || world.settings.has(Flaw.COMMIT_ID_PER_ATTEMPT);
    if (table.epoch >= committable.epoch() && !unordered) {
      throw new Stopped(Stopped.Reason.LAKE_AHEAD);
    }
    lane.base = table.version;
  }

  private String commitId(Lane lane, Committable committable) {
    return world.settings.has(Flaw.COMMIT_ID_PER_ATTEMPT)
        ? committable.commitId() + " at attempt " + world.attempts(lane.attempts)
        : committable.commitId();
  }

  private void request(Lane lane, Committable committable) {
    world.at(CrashPoint.BEFORE_REQUEST);
    long base = lane.base;
    String id = commitId(lane, committable);
    lane.base = NOT_LOADED;
    lane.attempts++;
    if (!world.calm() && world.chance.of(world.settings.faultRate())) {
      goWrong(lane, committable, base, id);
    } else if (world.lake.commit(committable, base, id)) {
      done(lane);
      passed(committable);
    }
  }

  private void goWrong(Lane lane, Committable committable, long base, String id) {
    Fate fate = world.chance.pick(List.of(Fate.values()));
    world.trace.add("request for %s of table %s: %s", id, committable.table(), fate);
    switch (fate) {
      case LOST -> {}
      case APPLIED_REPLY_LOST -> {
        world.lake.commit(committable, base, id);
        world.at(CrashPoint.APPLIED_AND_REPLY_LOST);
      }
      case APPLIED_LATE -> world.later(() -> world.lake.commit(committable, base, id));
    }
    if (world.settings.has(Flaw.UNKNOWN_TAKEN_FOR_DONE)) {
      done(lane);
    }
  }

  private void done(Lane lane) {
    open.remove(lane.waiting.poll());
    lane.base = NOT_LOADED;
    lane.attempts = 0;
  }

  private void passed(Committable committable) {
    boolean more = open.stream().anyMatch(other -> other.epoch() == committable.epoch());
    if (!more) {
      world.at(CrashPoint.AFTER_COMMIT_BEFORE_NEXT_CHECKPOINT);
    } else if (world.lake.own(committable.table())) {
      world.at(CrashPoint.AFTER_TOMBSTONES_BEFORE_TABLES);
    } else {
      world.at(CrashPoint.BETWEEN_TABLES);
    }
  }
}
