package io.datamirror.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans what is read of each table: first what the lake knows, then windows; hands out splits. */
final class Enumerator {

  private static final long NONE = -1;

  /** How far the watermark of an idle table stays behind the newest change anywhere. */
  private static final long SETTLE_MILLIS = 1_000;

  private enum Phase {
    RECALL,
    RECALLED,
    CHANGES
  }

  /** A window of which chunks are not read yet. */
  private static final class Under {
    int left;
    long maxMillis = Long.MIN_VALUE;
  }

  /** What is known of one table. */
  private static final class Schedule {
    Phase phase;
    int last;
    long nextWindow;
    long watermarkMillis;
    long floorMillis;
    long coveringCheckpoint = NONE;
    final TreeMap<Long, Under> windows = new TreeMap<>();
    final ArrayDeque<Split> pending = new ArrayDeque<>();
    final Map<Split.Id, Split> outstanding = new LinkedHashMap<>();

    Schedule copy() {
      Schedule copy = new Schedule();
      copy.phase = phase;
      copy.last = last;
      copy.nextWindow = nextWindow;
      copy.watermarkMillis = watermarkMillis;
      copy.floorMillis = floorMillis;
      windows.forEach(
          (number, window) -> {
            Under under = new Under();
            under.left = window.left;
            under.maxMillis = window.maxMillis;
            copy.windows.put(number, under);
          });
      copy.pending.addAll(pending);
      copy.outstanding.putAll(outstanding);
      return copy;
    }
  }

  /** What is remembered over a restart. */
  record State(List<Schedule> tables) {}

  private final World world;
  private final Job job;
  private final List<Schedule> tables = new ArrayList<>();
  private final Map<Integer, Reader> waiting = new HashMap<>();
  private long toldMillis = Long.MIN_VALUE;

  Enumerator(World world, Job job, State state) {
    this.world = world;
    this.job = job;
    state.tables().forEach(table -> tables.add(table.copy()));
    for (Schedule table : tables) {
      if (table.phase == Phase.RECALLED) {
        table.phase = Phase.CHANGES;
      }
    }
  }

  /** The state of a start from the lake. */
  static State start(World world, List<LakeStart> starts) {
    List<Schedule> tables = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      LakeStart start = starts.get(i);
      Schedule table = new Schedule();
      table.phase = Phase.RECALL;
      table.last = start.position();
      table.floorMillis = start.watermarkMillis();
      table.watermarkMillis = start.watermarkMillis();
      int half = start.recall().size() / 2;
      List<Message.Recall> all = start.recall();
      table.pending.add(recall(i, 0, all.subList(0, half)));
      table.pending.add(recall(i, 1, all.subList(half, all.size())));
      tables.add(table);
    }
    return new State(tables);
  }

  private static Split recall(int table, int index, List<Message.Recall> part) {
    return new Split(table, part, null, index, 0, 0, 0, Split.Reading.NONE);
  }

  State state() {
    return new State(tables.stream().map(Schedule::copy).toList());
  }

  /** Does one thing, if there is one to do. */
  boolean step() {
    if (tellWatermark()) {
      return true;
    }
    int turn = world.chance.below(tables.size());
    for (int i = 0; i < tables.size(); i++) {
      int index = (turn + i) % tables.size();
      if (plan(index, tables.get(index)) || handOut(tables.get(index))) {
        return true;
      }
    }
    return false;
  }

  private boolean plan(int index, Schedule table) {
    boolean reads = table.phase == Phase.CHANGES || world.settings.has(Flaw.CHANGES_BESIDE_RECALL);
    SourceLog log = world.logs.get(index);
    if (!reads || table.windows.size() >= world.settings.windowsAhead()) {
      return false;
    }
    if (log.head() <= table.last) {
      advanceIdle(table);
      return false;
    }
    int to = world.settle(index, table.last);
    Frame frame =
        new Frame(
            table.nextWindow++,
            table.last,
            to,
            world.chance.between(1, world.settings.chunks()),
            watermarkMillis());
    world.trace.add("table %s plans %s", index, frame);
    table.last = to;
    Under under = new Under();
    under.left = frame.chunks();
    table.windows.put(frame.number(), under);
    cut(index, table, frame);
    return true;
  }

  private void cut(int index, Schedule table, Frame frame) {
    int from = frame.from();
    for (int chunk = 0; chunk < frame.chunks(); chunk++) {
      boolean last = chunk == frame.chunks() - 1;
      int to = last ? frame.to() : world.chance.between(from, frame.to());
      table.pending.add(
          new Split(index, null, frame, chunk, from, to, table.floorMillis, Split.Reading.NONE));
      from = to;
    }
  }

  private void advanceIdle(Schedule table) {
    if (table.windows.isEmpty()) {
      table.watermarkMillis = Math.max(table.watermarkMillis, world.newestMillis() - SETTLE_MILLIS);
    }
  }

  private boolean handOut(Schedule table) {
    if (table.pending.isEmpty() || waiting.isEmpty()) {
      return false;
    }
    int reader = world.chance.pick(new ArrayList<>(waiting.keySet()));
    Split split = table.pending.poll();
    table.outstanding.put(split.id(), split);
    waiting.remove(reader).assign(split);
    return true;
  }

  private boolean tellWatermark() {
    long now = watermarkMillis();
    if (now <= toldMillis) {
      return false;
    }
    toldMillis = now;
    job.readers().forEach(reader -> reader.tell(now));
    return true;
  }

  private long watermarkMillis() {
    long least = Long.MAX_VALUE;
    for (Schedule table : tables) {
      least = Math.min(least, table.watermarkMillis);
    }
    return least;
  }

  /** A reader has nothing to read. */
  void request(Reader reader) {
    waiting.put(reader.index(), reader);
  }

  /** A reader has read a split; repeated news are no news. */
  void read(Split split) {
    Schedule table = tables.get(split.table());
    if (table.outstanding.remove(split.id()) == null) {
      return;
    }
    if (split.isRecall()) {
      boolean more =
          table.pending.stream().anyMatch(Split::isRecall)
              || table.outstanding.values().stream().anyMatch(Split::isRecall);
      table.phase = more ? table.phase : Phase.RECALLED;
      return;
    }
    Under window = table.windows.get(split.frame().number());
    window.left--;
    window.maxMillis = Math.max(window.maxMillis, split.reading().maxMillis());
    while (!table.windows.isEmpty() && table.windows.firstEntry().getValue().left == 0) {
      long newest = table.windows.pollFirstEntry().getValue().maxMillis;
      table.watermarkMillis = Math.max(table.watermarkMillis, newest);
    }
  }

  void checkpointBegins(long checkpoint) {
    for (Schedule table : tables) {
      if (table.phase == Phase.RECALLED && table.coveringCheckpoint == NONE) {
        table.coveringCheckpoint = checkpoint;
      }
    }
  }

  void checkpointCompleted(long checkpoint) {
    for (Schedule table : tables) {
      boolean covered = table.coveringCheckpoint != NONE && checkpoint >= table.coveringCheckpoint;
      if (table.phase == Phase.RECALLED && covered) {
        table.phase = Phase.CHANGES;
      }
    }
  }

  /** Whether everything in the logs was read. */
  boolean idle() {
    for (int i = 0; i < tables.size(); i++) {
      Schedule table = tables.get(i);
      boolean behind = table.phase != Phase.CHANGES || world.logs.get(i).head() > table.last;
      if (behind || !table.windows.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  boolean recalling() {
    return tables.stream().anyMatch(table -> table.phase == Phase.RECALL);
  }

  boolean recalled() {
    return tables.stream().anyMatch(table -> table.phase == Phase.RECALLED);
  }
}
