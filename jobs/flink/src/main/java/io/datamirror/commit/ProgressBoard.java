package io.datamirror.commit;

import io.datamirror.resolve.Counts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What a mirror that runs in this process has done so far, table by table. Thread-safe.
 *
 * <p>Only what is committed counts, and each commit once, also when it is found again after a
 * restart.
 */
public final class ProgressBoard {

  private static final Map<String, ProgressBoard> BOARDS = new ConcurrentHashMap<>();

  private final Map<String, TableProgress> tables = new ConcurrentSkipListMap<>();

  /** Where a table stands. */
  public enum Phase {
    /** Nothing of it was committed yet. */
    STARTING,
    /** Rows are committed; more of what was asked for is under way. */
    READING,
    /** The newest commit has a position. */
    COMPLETE
  }

  /**
   * What was done for one table since the mirror started.
   *
   * @param commits how many commits, each with all batches of an epoch
   * @param epoch the epoch of the last commit; 0 for none
   * @param position the last position that was committed; empty for none
   * @param watermarkMillis the watermark of that position, or {@link Long#MIN_VALUE}
   * @param committedMillis when the last commit was made; 0 for never
   */
  public record TableProgress(
      Phase phase,
      Counts counts,
      long commits,
      long epoch,
      String position,
      long watermarkMillis,
      long committedMillis) {

    static final TableProgress NONE =
        new TableProgress(Phase.STARTING, Counts.NONE, 0, 0, "", Long.MIN_VALUE, 0);

    TableProgress with(Committable committable, long nowMillis) {
      if (committable.epoch() <= epoch) {
        return this;
      }
      boolean labelled = committable.position() != null;
      return new TableProgress(
          labelled ? Phase.COMPLETE : Phase.READING,
          counts.plus(committable.counts()),
          commits + 1,
          committable.epoch(),
          labelled ? committable.position() : position,
          labelled ? committable.watermarkMillis() : watermarkMillis,
          nowMillis);
    }
  }

  private ProgressBoard() {}

  /** The board of a mirror: the same one in the whole process. */
  public static ProgressBoard of(String mirror) {
    return BOARDS.computeIfAbsent(mirror, name -> new ProgressBoard());
  }

  /** Wipes the board for a new start of the mirror. */
  public void start(List<String> names) {
    tables.clear();
    names.forEach(name -> tables.put(name, TableProgress.NONE));
  }

  /** The mirrored tables and what was done for them, in the order of their names. */
  public Map<String, TableProgress> tables() {
    return new java.util.TreeMap<>(tables);
  }

  void committed(Committable committable, long nowMillis) {
    if (!committable.own()) {
      tables.compute(
          committable.name(),
          (name, progress) ->
              (progress == null ? TableProgress.NONE : progress).with(committable, nowMillis));
    }
  }

  TableProgress progress(String table) {
    return tables.getOrDefault(table, TableProgress.NONE);
  }
}
