package io.datamirror.simulation;

import io.datamirror.resolve.testing.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers parts and progress, and closes epochs. */
final class EpochModel {

  /** A table whose position alone has moved is still committed this often. */
  private static final long IDLE_COMMIT_MILLIS = 600_000;

  private final Settings settings;
  private final long generation;
  private final List<Gathered> tables = new ArrayList<>();
  private long lastEpoch;
  private long watermarkMillis;

  /** What was gathered for one table. */
  private static final class Gathered {
    Windows windows = new Windows();
    long changes;
    long committedMillis;
    boolean ahead;
    final List<List<Batch>> batches = new ArrayList<>();
    final Map<Integer, Integer> partsOf = new HashMap<>();
    final long floorMillis;

    Gathered(long floorMillis) {
      this.floorMillis = floorMillis;
    }

    Gathered keptOverRestart() {
      Gathered copy = new Gathered(floorMillis);
      copy.windows = windows.copy();
      copy.changes = changes;
      copy.committedMillis = committedMillis;
      copy.ahead = ahead;
      return copy;
    }
  }

  /** What is remembered over a restart; nothing is gathered then. */
  record State(long lastEpoch, long watermarkMillis, List<Gathered> tables) {}

  EpochModel(Settings settings, long generation, State state) {
    this.settings = settings;
    this.generation = generation;
    this.lastEpoch = state.lastEpoch();
    this.watermarkMillis = state.watermarkMillis();
    state.tables().forEach(table -> tables.add(table.keptOverRestart()));
  }

  /**
   * The state of a start from the lake.
   *
   * @param floorsMillis for each table, the watermark that its keys were forgotten by
   */
  static State start(long lastEpoch, List<Long> floorsMillis) {
    return new State(lastEpoch, Long.MIN_VALUE, floorsMillis.stream().map(Gathered::new).toList());
  }

  void add(Message.Progress progress) {
    tables.get(progress.table()).windows.add(progress);
  }

  void add(Part part) {
    Gathered table = tables.get(part.table());
    table.changes += part.counts().changes();
    watermarkMillis = Math.max(watermarkMillis, part.watermarkMillis());
    if (part.batch().isEmpty()) {
      return;
    }
    int place = table.partsOf.merge(part.subtask(), 1, Integer::sum) - 1;
    int batch = settings.has(Flaw.FLUSHES_MERGED) ? 0 : place;
    if (batch == table.batches.size()) {
      table.batches.add(new ArrayList<>());
    }
    table.batches.get(batch).add(part.batch());
  }

  /** Closes the epoch; empty when there is nothing to commit. */
  List<Committable> close(long clockMillis) {
    List<Committable> closed = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      Gathered table = tables.get(i);
      int label = label(table);
      boolean moves =
          label != Committable.NO_POSITION
              && (table.ahead
                  || table.changes > 0
                  || clockMillis - table.committedMillis > IDLE_COMMIT_MILLIS);
      if (!table.batches.isEmpty() || moves) {
        closed.add(newCommittable(i, table, label));
        table.committedMillis = clockMillis;
        table.ahead = label == Committable.NO_POSITION;
      }
    }
    lastEpoch += closed.isEmpty() ? 0 : 1;
    return closed;
  }

  private int label(Gathered table) {
    return settings.has(Flaw.LABEL_IN_MID_WINDOW)
        ? table.windows.labelInMidWindow()
        : table.windows.label();
  }

  private Committable newCommittable(int index, Gathered table, int label) {
    List<List<Batch>> batches = List.copyOf(table.batches);
    table.batches.clear();
    table.partsOf.clear();
    table.changes = 0;
    if (label != Committable.NO_POSITION) {
      table.windows.labelled();
    }
    return new Committable(
        index, lastEpoch + 1, generation, batches, label, forgottenMillis(table, label));
  }

  private long forgottenMillis(Gathered table, int label) {
    long ofWindows = table.windows.watermarkMillis();
    if (settings.has(Flaw.WATERMARK_OF_WINDOWS)) {
      return Math.max(table.floorMillis, ofWindows);
    }
    long ofLabel = label == Committable.NO_POSITION ? Long.MIN_VALUE : ofWindows;
    return Math.max(watermarkMillis, Math.max(table.floorMillis, ofLabel));
  }

  /** What to remember; right after {@link #close}. */
  State state() {
    return new State(
        lastEpoch, watermarkMillis, tables.stream().map(Gathered::keptOverRestart).toList());
  }

  long lastEpoch() {
    return lastEpoch;
  }
}
