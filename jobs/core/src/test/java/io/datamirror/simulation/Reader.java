package io.datamirror.simulation;

import io.datamirror.resolve.testing.Assembled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads splits row by row and sends what it reads to the resolvers. */
final class Reader {

  private static final double FETCH_BREAKS = 0.05;

  /** What the job manager tells a reader, in order. */
  private sealed interface News {
    record Assigned(Split split) implements News {}

    record Known(Split.Id split) implements News {}

    record Time(long watermarkMillis) implements News {}

    record Trigger(long checkpoint) implements News {}
  }

  private final World world;
  private final Job job;
  private final int index;
  private final List<Channel> toTasks;
  private final Channel toCloser;
  private final ArrayDeque<News> news = new ArrayDeque<>();
  private final List<Split> splits;
  private final List<Split> read;
  private ArrayDeque<LogEntry> rows;
  private boolean asked;

  Reader(
      World world,
      Job job,
      int index,
      Checkpoint.ReaderState state,
      List<Channel> toTasks,
      Channel toCloser) {
    this.world = world;
    this.job = job;
    this.index = index;
    this.splits = new ArrayList<>(state.splits());
    this.read = new ArrayList<>(state.read());
    this.toTasks = toTasks;
    this.toCloser = toCloser;
  }

  int index() {
    return index;
  }

  void assign(Split split) {
    news.add(new News.Assigned(split));
  }

  void tell(long watermarkMillis) {
    news.add(new News.Time(watermarkMillis));
  }

  void trigger(long checkpoint) {
    news.add(new News.Trigger(checkpoint));
  }

  /** Does one thing, if there is one to do. */
  boolean step() {
    if (!news.isEmpty() && (splits.isEmpty() || world.chance.of(0.5))) {
      hear(news.poll());
    } else if (!splits.isEmpty()) {
      proceed(splits.get(0));
    } else if (!asked) {
      asked = true;
      job.enumerator().request(this);
    } else {
      return false;
    }
    return true;
  }

  private void hear(News message) {
    if (message instanceof News.Assigned assigned) {
      splits.add(assigned.split());
      asked = false;
    } else if (message instanceof News.Known known) {
      read.removeIf(split -> split.id().equals(known.split()));
    } else if (message instanceof News.Time time) {
      toTasks.forEach(task -> task.send(new Message.Watermark(index, time.watermarkMillis())));
    } else if (message instanceof News.Trigger trigger) {
      world.at(CrashPoint.BEFORE_BARRIER);
      Message barrier = new Message.Barrier(trigger.checkpoint());
      toTasks.forEach(task -> task.send(barrier));
      toCloser.send(barrier);
      job.acknowledge(
          trigger.checkpoint(), new Checkpoint.ReaderState(List.copyOf(splits), List.copyOf(read)));
    }
  }

  private void proceed(Split split) {
    if (split.isRecall()) {
      recall(split);
      return;
    }
    world.at(CrashPoint.MID_WINDOW);
    Split.Reading reading = split.reading();
    if (!reading.begun()) {
      toCloser.send(new Message.Progress(split.table(), false, split.frame(), split.index()));
      splits.set(0, split.at(new Split.Reading(true, 0, Set.of(), 0, Long.MIN_VALUE)));
      return;
    }
    if (rows == null || world.chance.of(FETCH_BREAKS)) {
      rows = fetch(split);
    }
    if (rows.isEmpty()) {
      toCloser.send(new Message.Progress(split.table(), true, split.frame(), split.index()));
      finish(split);
    } else {
      deliver(split, rows.poll());
    }
  }

  private void recall(Split split) {
    world.at(CrashPoint.DURING_RECALL);
    int next = split.reading().rows();
    if (next == split.recall().size()) {
      finish(split);
      return;
    }
    Message.Recall recall = split.recall().get(next);
    toTasks.get(job.taskOf(recall.key().hashCode())).send(recall);
    splits.set(0, split.at(new Split.Reading(true, 0, Set.of(), next + 1, Long.MIN_VALUE)));
  }

  private void finish(Split split) {
    splits.remove(0);
    rows = null;
    read.add(split);
    job.enumerator().read(split);
    news.add(new News.Known(split.id()));
  }

  /** The rows that are left, rows of one position in any order. */
  private ArrayDeque<LogEntry> fetch(Split split) {
    Split.Reading reading = split.reading();
    boolean lastChunk = split.index() == split.frame().chunks() - 1;
    SourceLog log = world.logs.get(split.table());
    boolean unfrozen = lastChunk && world.settings.has(Flaw.WINDOWS_NOT_FROZEN);
    List<LogEntry> chunk = log.between(split.from(), unfrozen ? log.head() : split.to());
    world.chance.shuffle(chunk);
    chunk.sort(Comparator.comparingInt(LogEntry::position));
    if (world.settings.has(Flaw.RESUME_BY_ROW_NUMBER)) {
      return new ArrayDeque<>(chunk.subList(Math.min(reading.rows(), chunk.size()), chunk.size()));
    }
    chunk.removeIf(
        row ->
            row.position() < reading.cursor()
                || row.position() == reading.cursor()
                    && reading.delivered().contains(row.serial()));
    return new ArrayDeque<>(chunk);
  }

  private void deliver(Split split, LogEntry row) {
    Split.Reading before = split.reading();
    Set<Integer> delivered = new HashSet<>();
    if (before.cursor() == row.position()) {
      delivered.addAll(before.delivered());
    }
    delivered.add(row.serial());
    Assembled change = row.change();
    long maxMillis = row.poison() ? before.maxMillis() : change.timeMillis();
    splits.set(
        0,
        split.at(
            new Split.Reading(
                true,
                row.position(),
                delivered,
                before.rows() + 1,
                Math.max(before.maxMillis(), maxMillis))));
    Message message =
        row.poison()
            ? new Message.Reject(split.table(), row)
            : new Message.Change(change, split.floorMillis());
    Channel task = toTasks.get(job.taskOf(change.key().hashCode()));
    task.send(message);
    if (world.chance.of(world.settings.echoRate())) {
      world.audit.echoed(split.table(), row.serial());
      task.send(message);
    }
  }

  boolean idle() {
    return splits.isEmpty();
  }
}
