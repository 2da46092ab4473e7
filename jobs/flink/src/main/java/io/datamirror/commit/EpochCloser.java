package io.datamirror.commit;

import io.datamirror.commit.WindowTracker.Label;
import io.datamirror.lake.OwnTable;
import io.datamirror.resolve.Counts;
import io.datamirror.stream.MirrorRecord.Progress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Gathers what the writers wrote and how far the source has read, and closes epochs: decides what
 * is committed to which table, in which batches and with which position. One thread at a time.
 */
final class EpochCloser {

  /** A table whose position moves without any change is still committed this often. */
  static final long IDLE_COMMIT_MILLIS = 600_000;

  private final String mirror;
  private final long generation;
  private final LongSupplier clockMillis;
  private final Map<Integer, Gathered> tables = new LinkedHashMap<>();
  private final Map<OwnTable, BatchCollector> ownTables = new EnumMap<>(OwnTable.class);
  private long lastEpoch;
  private boolean ended;

  /**
   * What is remembered of a table over a restart.
   *
   * @param counts counted and not committed
   * @param committedMillis when an epoch was closed with something for the table; 0 for never
   */
  record TableState(int table, Counts counts, long committedMillis, WindowTracker.State windows) {}

  /** What is remembered over a restart, when nothing is gathered. */
  record State(long lastEpoch, List<TableState> tables) {}

  private static final class Gathered {
    private final String name;
    private final BatchCollector batches = new BatchCollector();
    private final WindowTracker windows;
    private Counts counts;
    private long committedMillis;

    Gathered(String name, Counts counts, long committedMillis, WindowTracker.State windows) {
      this.name = name;
      this.counts = counts;
      this.committedMillis = committedMillis;
      this.windows = new WindowTracker(windows);
    }
  }

  /**
   * @param tables the names of the mirrored tables by their numbers
   */
  EpochCloser(
      String mirror,
      long generation,
      Map<Integer, String> tables,
      State state,
      LongSupplier clockMillis) {
    this.mirror = mirror;
    this.generation = generation;
    this.clockMillis = clockMillis;
    this.lastEpoch = state.lastEpoch();
    tables.forEach(
        (table, name) ->
            this.tables.put(table, new Gathered(name, Counts.NONE, 0, WindowTracker.State.START)));
    state.tables().forEach(this::restore);
    for (OwnTable own : OwnTable.values()) {
      ownTables.put(own, new BatchCollector());
    }
  }

  private void restore(TableState state) {
    // A table that is no longer in the spec has nothing to gather; what it owes is pending already.
    tables.computeIfPresent(
        state.table(),
        (table, start) ->
            new Gathered(start.name, state.counts(), state.committedMillis(), state.windows()));
  }

  void add(Part part) {
    Optional<OwnTable> own = OwnTable.ofNumber(part.table());
    if (own.isPresent()) {
      ownTables.get(own.get()).add(part);
      return;
    }
    Gathered table = tables.get(part.table());
    table.batches.add(part);
    table.counts = table.counts.plus(part.counts());
  }

  void add(Progress progress) {
    tables.get(progress.table()).windows.add(progress);
  }

  /** Nothing more will come. */
  void end() {
    ended = true;
  }

  /** The greatest epoch that was closed. */
  long lastEpoch() {
    return lastEpoch;
  }

  /** Closes the epoch; what is to be committed, the mirror's own tables first. May be nothing. */
  List<Committable> close() {
    List<Committable> closed = new ArrayList<>();
    ownTables.forEach((own, batches) -> closeOwn(own, batches.drain()).ifPresent(closed::add));
    tables.forEach((number, table) -> close(number, table).ifPresent(closed::add));
    if (!closed.isEmpty()) {
      lastEpoch++;
    }
    return closed;
  }

  private Optional<Committable> close(int number, Gathered table) {
    List<Batch> batches = table.batches.drain();
    Optional<Label> label = table.windows.label();
    if (batches.isEmpty() && !(label.isPresent() && worthMoving(table))) {
      return Optional.empty();
    }
    Counts counts = table.counts;
    table.counts = Counts.NONE;
    table.committedMillis = clockMillis.getAsLong();
    label.ifPresent(given -> table.windows.labelled());
    return Optional.of(newCommittable(number, table.name, batches, counts, label));
  }

  private boolean worthMoving(Gathered table) {
    return ended
        || table.counts.changes() > 0
        || clockMillis.getAsLong() - table.committedMillis > IDLE_COMMIT_MILLIS;
  }

  private Optional<Committable> closeOwn(OwnTable own, List<Batch> batches) {
    return batches.isEmpty()
        ? Optional.empty()
        : Optional.of(
            newCommittable(own.number(), own.tableName(), batches, Counts.NONE, Optional.empty()));
  }

  private Committable newCommittable(
      int number, String name, List<Batch> batches, Counts counts, Optional<Label> label) {
    long epoch = lastEpoch + 1;
    return new Committable(
        number,
        name,
        epoch,
        generation,
        CommitIds.of(mirror, generation, epoch),
        batches,
        counts,
        label.map(Label::position).orElse(null),
        label.map(Label::watermarkMillis).orElse(Long.MIN_VALUE));
  }

  /** What to remember; right after {@link #close}, so that nothing is gathered. */
  State state() {
    List<TableState> states = new ArrayList<>();
    tables.forEach(
        (number, table) ->
            states.add(
                new TableState(
                    number, table.counts, table.committedMillis, table.windows.state())));
    return new State(lastEpoch, states);
  }
}
