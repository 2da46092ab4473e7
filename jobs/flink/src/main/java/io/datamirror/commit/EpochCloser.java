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

  private final CommitIds ids;
  private final long generation;
  private final LongSupplier clockMillis;
  private final Map<Integer, Gathered> tables = new LinkedHashMap<>();
  private final Map<OwnTable, BatchCollector> ownTables = new EnumMap<>(OwnTable.class);
  private long lastEpoch;
  private long watermarkMillis;
  private boolean ended;

  /**
   * What is remembered of a table over a restart.
   *
   * @param counts counted and not committed
   * @param committedMillis when an epoch was closed with something for the table; 0 for never
   * @param ahead whether the table holds more than its last position says
   * @param floorMillis the watermark that its keys were forgotten by, or {@link Long#MIN_VALUE}
   */
  record TableState(
      int table,
      Counts counts,
      long committedMillis,
      WindowTracker.State windows,
      boolean ahead,
      long floorMillis) {

    /** A table of which the lake knows nothing but up to where it was forgotten. */
    static TableState start(int table, long floorMillis) {
      return new TableState(table, Counts.NONE, 0, WindowTracker.State.START, false, floorMillis);
    }

    TableState forgottenBy(long millis) {
      return new TableState(
          table, counts, committedMillis, windows, ahead, Math.max(floorMillis, millis));
    }

    TableState forNewStart() {
      return new TableState(table, counts, 0, windows, ahead, floorMillis);
    }
  }

  /**
   * What is remembered over a restart, when nothing is gathered.
   *
   * @param watermarkMillis the greatest watermark that a writer has forgotten keys of any of the
   *     tables by since the job began, or {@link Long#MIN_VALUE}
   */
  record State(long lastEpoch, long watermarkMillis, List<TableState> tables) {

    /** The state of a job that goes on from the lake. */
    static State start(long lastEpoch, Map<Integer, Long> floors) {
      return new State(lastEpoch, Long.MIN_VALUE, List.of()).withNewTables(floors);
    }

    /**
     * The same with the tables that it does not know: what writers have forgotten so far was none
     * of theirs.
     */
    State withNewTables(Map<Integer, Long> floors) {
      Map<Integer, TableState> all = new LinkedHashMap<>();
      floors.forEach((table, floor) -> all.put(table, TableState.start(table, floor)));
      tables.forEach(table -> all.put(table.table(), table.forgottenBy(watermarkMillis)));
      return new State(lastEpoch, Long.MIN_VALUE, List.copyOf(all.values()));
    }

    /**
     * The same for another start of the mirror: a position that has moved is worth a commit at
     * once, so that everybody sees that the new start works.
     */
    State forNewStart() {
      return new State(
          lastEpoch, watermarkMillis, tables.stream().map(TableState::forNewStart).toList());
    }
  }

  private static final class Gathered {
    private final String name;
    private final BatchCollector batches = new BatchCollector();
    private final WindowTracker windows;
    private Counts counts;
    private long committedMillis;
    private boolean ahead;
    private boolean tombstonesMoved;
    private long floorMillis;

    Gathered(String name, TableState state) {
      this.name = name;
      this.counts = state.counts();
      this.committedMillis = state.committedMillis();
      this.windows = new WindowTracker(state.windows());
      this.ahead = state.ahead();
      this.floorMillis = state.floorMillis();
    }
  }

  /**
   * @param ids names the commits of this start
   * @param tables the names of the mirrored tables by their numbers
   */
  EpochCloser(
      CommitIds ids,
      long generation,
      Map<Integer, String> tables,
      State state,
      LongSupplier clockMillis) {
    this.ids = ids;
    this.generation = generation;
    this.clockMillis = clockMillis;
    this.lastEpoch = state.lastEpoch();
    this.watermarkMillis = state.watermarkMillis();
    tables.forEach(
        (table, name) ->
            this.tables.put(table, new Gathered(name, TableState.start(table, Long.MIN_VALUE))));
    state.tables().forEach(this::restore);
    for (OwnTable own : OwnTable.values()) {
      ownTables.put(own, new BatchCollector());
    }
  }

  private void restore(TableState state) {
    // A table that is no longer in the spec has nothing to gather; what it owes is pending already.
    tables.computeIfPresent(state.table(), (table, start) -> new Gathered(start.name, state));
  }

  void add(Part part) {
    Optional<OwnTable> own = OwnTable.ofNumber(part.table());
    if (own.isPresent()) {
      addOwn(own.get(), part);
      return;
    }
    Gathered table = tables.get(part.table());
    table.batches.add(part);
    table.tombstonesMoved |= part.onlyForgotten();
    table.counts = table.counts.plus(part.counts());
    table.floorMillis = Math.max(table.floorMillis, part.watermarkMillis());
  }

  /**
   * A start from the lake undoes the tombstones of an epoch that their table does not have. The
   * changes of a source come again after that, and those of a file do not: so its table has every
   * epoch that it has tombstones of.
   */
  private void addOwn(OwnTable own, Part part) {
    watermarkMillis = Math.max(watermarkMillis, part.watermarkMillis());
    ownTables.get(own).add(part);
    if (own == OwnTable.TOMBSTONES && ids.ofFile()) {
      tables.values().forEach(table -> table.tombstonesMoved = true);
    }
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
    boolean tombstonesMoved = table.tombstonesMoved;
    table.tombstonesMoved = false;
    Optional<Label> label = table.windows.label();
    if (batches.isEmpty() && !tombstonesMoved && !(label.isPresent() && worthMoving(table))) {
      return Optional.empty();
    }
    if (batches.isEmpty() && label.isEmpty()) {
      label = table.windows.standing();
    }
    Counts counts = table.counts;
    table.counts = Counts.NONE;
    table.committedMillis = clockMillis.getAsLong();
    table.ahead = label.isEmpty();
    label.ifPresent(given -> table.windows.labelled());
    return Optional.of(
        newCommittable(number, table.name, batches, counts, label, forgottenMillis(table, label)));
  }

  private boolean worthMoving(Gathered table) {
    // A clock that was ahead and was set back must not keep positions until it is there again.
    long sinceMillis = Math.abs(clockMillis.getAsLong() - table.committedMillis);
    return ended || table.ahead || table.counts.changes() > 0 || sinceMillis > IDLE_COMMIT_MILLIS;
  }

  private Optional<Committable> closeOwn(OwnTable own, List<Batch> batches) {
    return batches.isEmpty()
        ? Optional.empty()
        : Optional.of(
            newCommittable(
                own.number(),
                own.tableName(),
                batches,
                Counts.NONE,
                Optional.empty(),
                watermarkMillis));
  }

  private Committable newCommittable(
      int number,
      String name,
      List<Batch> batches,
      Counts counts,
      Optional<Label> label,
      long forgottenMillis) {
    long epoch = lastEpoch + 1;
    return new Committable(
        number,
        name,
        epoch,
        generation,
        ids.of(epoch),
        batches,
        counts,
        label.map(Label::position).orElse(null),
        forgottenMillis,
        Long.MIN_VALUE);
  }

  /**
   * A start from the lake has to know up to where keys of the table were forgotten, also when the
   * table has no position yet. A writer that forgets takes tombstones of any table away, whether or
   * not it has written to the table itself, so the greatest watermark of all writers counts. So
   * does what was read with a position: after it the watermark does not go back.
   */
  private long forgottenMillis(Gathered table, Optional<Label> label) {
    long labelMillis = label.map(Label::watermarkMillis).orElse(Long.MIN_VALUE);
    return Math.max(watermarkMillis, Math.max(table.floorMillis, labelMillis));
  }

  /** What to remember; right after {@link #close}, so that nothing is gathered. */
  State state() {
    List<TableState> states = new ArrayList<>();
    tables.forEach(
        (number, table) ->
            states.add(
                new TableState(
                    number,
                    table.counts,
                    table.committedMillis,
                    table.windows.state(),
                    table.ahead,
                    table.floorMillis)));
    return new State(lastEpoch, watermarkMillis, states);
  }
}
