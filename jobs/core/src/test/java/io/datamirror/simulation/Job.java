package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One attempt of a job: its tasks, and the coordinator of its checkpoints. */
final class Job {

  private static final double TRIGGERED = 0.1;
  private static final double NOTIFICATION_LOST = 0.1;

  private final World world;
  private final long generation;
  private final long sinceEpoch;
  private final Enumerator enumerator;
  private final List<Reader> readers = new ArrayList<>();
  private final List<ResolveTask> tasks = new ArrayList<>();
  private final Closer closer;
  private final List<BooleanSupplier> actors = new ArrayList<>();
  private final ArrayDeque<Runnable> notifications = new ArrayDeque<>();
  private Checkpoint latest;
  private Checkpoint running;
  private long nextCheckpoint;

  /**
   * @param latest the checkpoint to go on from; null to go on from the lake
   */
  Job(World world, long generation, Checkpoint latest) {
    this.world = world;
    this.generation = generation;
    this.latest = latest;
    this.nextCheckpoint = latest == null ? 1 : latest.id + 1;
    Checkpoint from = latest == null ? fromLake() : latest;
    this.sinceEpoch = from.generation == generation ? from.sinceEpoch : from.lastEpoch() + 1;
    enumerator = new Enumerator(world, this, from.enumerator);
    int readerCount = world.settings.readers();
    int taskCount = world.chance.between(1, world.settings.subtasks());
    List<List<Channel>> toTasks = channels(readerCount, taskCount);
    List<Channel> toCloser = new ArrayList<>();
    startReaders(from, readerCount, toTasks, toCloser);
    startTasks(from, taskCount, toTasks, toCloser);
    closer = new Closer(world, this, from.closer, toCloser);
    from.readers.forEach(reader -> reader.read().forEach(enumerator::read));
    actors.add(enumerator::step);
    readers.forEach(reader -> actors.add(reader::step));
    tasks.forEach(task -> actors.add(task::step));
    actors.add(closer::step);
    actors.add(closer.committer()::step);
    actors.add(this::coordinate);
    world.trace.add(
        "generation %s starts from %s", generation, latest == null ? "lake" : latest.id);
  }

  private Checkpoint fromLake() {
    List<LakeStart> starts = new ArrayList<>();
    List<Long> floors = new ArrayList<>();
    for (int i = 0; i < world.logs.size(); i++) {
      LakeTable table = world.lake.table(i);
      long told =
          world.settings.has(Flaw.WATERMARK_NOT_RECALLED) ? Long.MIN_VALUE : table.watermarkMillis;
      floors.add(told);
      starts.add(new LakeStart(table.position, told, world.lake.recall(i)));
    }
    Enumerator.State enumerators = Enumerator.start(world, starts);
    Checkpoint start = new Checkpoint(0, generation, world.lake.lastEpoch() + 1, enumerators);
    for (int i = 0; i < Lake.OWN_TABLES; i++) {
      floors.add(Long.MIN_VALUE);
    }
    EpochModel.State epochs = EpochModel.start(world.lake.lastEpoch(), floors);
    start.closer = new Checkpoint.CloserState(epochs, List.of());
    return start;
  }

  private static List<List<Channel>> channels(int readers, int tasks) {
    List<List<Channel>> channels = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      List<Channel> ofReader = new ArrayList<>();
      for (int j = 0; j < tasks; j++) {
        ofReader.add(new Channel());
      }
      channels.add(ofReader);
    }
    return channels;
  }

  private void startReaders(
      Checkpoint from, int count, List<List<Channel>> toTasks, List<Channel> toCloser) {
    List<Split> splits = new ArrayList<>();
    from.readers.forEach(reader -> splits.addAll(reader.splits()));
    for (int i = 0; i < count; i++) {
      List<Split> own = new ArrayList<>();
      for (int j = i; j < splits.size(); j += count) {
        own.add(splits.get(j));
      }
      Channel progress = new Channel();
      toCloser.add(progress);
      Checkpoint.ReaderState state = new Checkpoint.ReaderState(own, List.of());
      readers.add(new Reader(world, this, i, state, toTasks.get(i), progress));
    }
  }

  private void startTasks(
      Checkpoint from, int count, List<List<Channel>> toTasks, List<Channel> toCloser) {
    List<Map<KeyId, Memory>> memories = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      memories.add(new HashMap<>());
    }
    long watermark = Long.MIN_VALUE;
    for (Checkpoint.TaskState state : from.tasks) {
      watermark = Math.max(watermark, state.watermarkMillis());
      state
          .memories()
          .forEach(
              (key, memory) -> memories.get(Math.floorMod(key.hashCode(), count)).put(key, memory));
    }
    for (int i = 0; i < count; i++) {
      int index = i;
      List<Channel> inputs = toTasks.stream().map(ofReader -> ofReader.get(index)).toList();
      Channel parts = new Channel();
      toCloser.add(parts);
      Checkpoint.TaskState state = new Checkpoint.TaskState(memories.get(i), watermark);
      tasks.add(new ResolveTask(world, this, i, state, inputs, parts));
    }
  }

  /** Does one thing: that of some actor who has one to do. */
  void step() {
    world.at(CrashPoint.ANYWHERE);
    int turn = world.chance.below(actors.size());
    for (int i = 0; i < actors.size(); i++) {
      if (actors.get((turn + i) % actors.size()).getAsBoolean()) {
        return;
      }
    }
  }

  private boolean coordinate() {
    if (!notifications.isEmpty()) {
      notifications.poll().run();
      return true;
    }
    if (running == null) {
      if (world.chance.of(TRIGGERED)) {
        trigger();
      }
      return false;
    }
    if (running.complete(readers.size(), tasks.size())) {
      complete();
      return true;
    }
    if (!world.calm() && world.chance.of(world.settings.abortRate())) {
      abort();
    }
    return false;
  }

  private void trigger() {
    long id = nextCheckpoint++;
    if (enumerator.recalled()) {
      world.at(CrashPoint.AFTER_RECALL_BEFORE_CHECKPOINT);
    }
    enumerator.checkpointBegins(id);
    running = new Checkpoint(id, generation, sinceEpoch, enumerator.state());
    readers.forEach(reader -> reader.trigger(id));
  }

  private void complete() {
    world.at(CrashPoint.AFTER_SNAPSHOT_BEFORE_COMPLETE);
    Checkpoint completed = running;
    running = null;
    latest = completed;
    world.completed(completed);
    notifyLater(() -> enumerator.checkpointCompleted(completed.id));
    notifyLater(
        () -> {
          world.at(CrashPoint.AFTER_COMPLETE_BEFORE_COMMIT);
          closer.checkpointCompleted(completed.id);
        });
  }

  private void notifyLater(Runnable notification) {
    if (world.calm() || !world.chance.of(NOTIFICATION_LOST)) {
      notifications.add(notification);
    }
  }

  /** Some tasks hear of it in time and some do not. */
  private void abort() {
    world.trace.add("checkpoint %s is aborted", running.id);
    for (ResolveTask task : tasks) {
      if (world.chance.of(0.5)) {
        task.inputs().ignore(running.id);
      }
    }
    if (world.chance.of(0.5)) {
      closer.inputs().ignore(running.id);
    }
    running = null;
  }

  private boolean awaited(long checkpoint) {
    return running != null && running.id == checkpoint;
  }

  void acknowledge(long checkpoint, Checkpoint.ReaderState state) {
    if (awaited(checkpoint)) {
      running.readers.add(state);
    }
  }

  void acknowledge(long checkpoint, Checkpoint.TaskState state) {
    if (awaited(checkpoint)) {
      running.tasks.add(state);
    }
  }

  void acknowledge(long checkpoint, Checkpoint.CloserState state) {
    if (awaited(checkpoint)) {
      running.closer = state;
    }
  }

  Inputs inputs(List<Channel> channels) {
    boolean aligned = !world.settings.has(Flaw.BARRIERS_NOT_ALIGNED);
    return new Inputs(channels, world.chance, aligned);
  }

  int taskOf(int hash) {
    return Math.floorMod(hash, tasks.size());
  }

  Enumerator enumerator() {
    return enumerator;
  }

  List<Reader> readers() {
    return readers;
  }

  long generation() {
    return generation;
  }

  /** What a failover of this job goes on from; null for the lake. */
  Checkpoint latest() {
    return latest;
  }

  /** Whether everything is read, written and committed, with its position. */
  boolean atRest() {
    if (!enumerator.idle() || !closer.idle() || !readers.stream().allMatch(Reader::idle)) {
      return false;
    }
    for (int i = 0; i < world.logs.size(); i++) {
      if (world.lake.table(i).position != world.logs.get(i).head()) {
        return false;
      }
    }
    return true;
  }
}
