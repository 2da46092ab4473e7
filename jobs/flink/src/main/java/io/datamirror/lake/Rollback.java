package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Takes a table back to what it was at the end of an epoch of some start of the mirror.
 *
 * <p>An epoch alone does not say it: later starts count on from the same numbers.
 */
public final class Rollback {

  private final Table table;
  private final String name;
  private final long epoch;
  private final long generation;
  private final long sinceEpoch;
  private final Known known;
  private final long epochOfNothing;

  /** Which commits whoever goes back knows. */
  public interface Known {

    /**
     * Whether it knows one.
     *
     * @param commitId its name; empty if it has none
     */
    boolean test(long generation, long epoch, String commitId);
  }

  /**
   * @param table as it was loaded
   * @param epoch the last epoch that the table is to hold
   * @param generation the newest start whose epochs it is to hold
   * @param sinceEpoch from here on only that start's epochs count
   */
  public Rollback(Table table, String name, long epoch, long generation, long sinceEpoch) {
    this(table, name, epoch, generation, sinceEpoch, (by, at, commitId) -> true, epoch);
  }

  private Rollback(
      Table table,
      String name,
      long epoch,
      long generation,
      long sinceEpoch,
      Known known,
      long epochOfNothing) {
    this.known = known;
    this.epochOfNothing = epochOfNothing;
    this.table = table;
    this.name = name;
    this.epoch = epoch;
    this.generation = generation;
    this.sinceEpoch = sinceEpoch;
  }

  /**
   * The same to a commit that is known.
   *
   * @param emptyEpoch the epoch that the table is said to hold when it is taken back to nothing:
   *     the next commit has a greater one
   */
  public Rollback knowing(Known commits, long emptyEpoch) {
    return new Rollback(table, name, epoch, generation, sinceEpoch, commits, emptyEpoch);
  }

  /**
   * The epoch that the table would end with; 0 for none.
   *
   * @throws MirrorException if the snapshot of that time has expired
   */
  public long epochAfter() {
    Snapshot target = target();
    return target == null ? 0 : number(newestEpoch(target), LakeKeys.EPOCH);
  }

  /**
   * Whether the table would be complete to a position, with nothing of what comes after.
   *
   * @throws MirrorException if the snapshot of that time has expired
   */
  public boolean endsAtPosition() {
    Snapshot target = target();
    Snapshot newest = target == null ? null : newestEpoch(target);
    return newest == null || newest.summary().containsKey(LakeKeys.POSITION);
  }

  /**
   * Makes it so.
   *
   * @param start the generation of whoever does it
   * @throws MirrorException if the snapshot of that time has expired, or a newer start has taken
   *     over
   */
  public void run(long start) {
    Snapshot target = target();
    LookingOperations operations = LookingOperations.of(table).fenced(name, start);
    Transaction transaction = operations.transaction(table.name());
    if (target == null) {
      toNothing(transaction);
    } else {
      toSnapshot(transaction, target);
      operations.fence(transaction, start);
    }
    transaction.commitTransaction();
  }

  private Snapshot target() {
    Snapshot oldest = null;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Map<String, String> summary = snapshot.summary();
      boolean committed =
          summary.containsKey(LakeKeys.EPOCH) && number(snapshot, LakeKeys.EPOCH) <= epoch;
      boolean ours = committed || summary.containsKey(LakeKeys.RECONCILED);
      if (ours && ofThisLine(snapshot) && isKnown(snapshot)) {
        return snapshot;
      }
      oldest = snapshot;
    }
    if (epoch > 0 && oldest != null && oldest.parentId() != null) {
      throw new MirrorException(
          ErrorCode.LAKE_AHEAD,
          name,
          "the snapshot of epoch " + epoch + " has expired, so the table cannot go back to it",
          "Start from a newer savepoint or checkpoint, or with --on-lake-ahead rebuild to go on from"
              + " the lake.");
    }
    return null;
  }

  private boolean ofThisLine(Snapshot snapshot) {
    long by = number(snapshot, LakeKeys.GENERATION);
    return by == generation || (by < generation && number(snapshot, LakeKeys.EPOCH) < sinceEpoch);
  }

  private boolean isKnown(Snapshot snapshot) {
    return known.test(
        number(snapshot, LakeKeys.GENERATION),
        number(snapshot, LakeKeys.EPOCH),
        snapshot.summary().getOrDefault(LakeKeys.COMMIT_ID, ""));
  }

  /** The snapshot that says which epoch {@code from} stands at; null when it expired. */
  private Snapshot newestEpoch(Snapshot from) {
    for (Snapshot snapshot : SnapshotUtil.ancestorsOf(from.snapshotId(), table::snapshot)) {
      if (snapshot.summary().containsKey(LakeKeys.EPOCH)) {
        return snapshot;
      }
    }
    return null;
  }

  private static long number(Snapshot snapshot, String key) {
    return snapshot == null ? 0 : Long.parseLong(snapshot.summary().getOrDefault(key, "0"));
  }

  private void toSnapshot(Transaction transaction, Snapshot target) {
    Snapshot committed = newestEpoch(target);
    String commitId =
        committed == null ? "" : committed.summary().getOrDefault(LakeKeys.COMMIT_ID, "");
    transaction.manageSnapshots().rollbackTo(target.snapshotId()).commit();
    UpdateProperties properties = transaction.updateProperties();
    properties.set(LakeKeys.EPOCH, String.valueOf(number(committed, LakeKeys.EPOCH)));
    properties.set(LakeKeys.COMMIT_ID, commitId);
    properties.set(
        LakeKeys.COMMITTED_GENERATION, String.valueOf(number(target, LakeKeys.GENERATION)));
    keepPosition(properties, target, number(committed, LakeKeys.EPOCH));
    Map<String, String> summary = committed == null ? Map.of() : committed.summary();
    for (String key : List.of(LakeKeys.WATERMARK, LakeKeys.HORIZON, LakeKeys.ROWS)) {
      if (summary.containsKey(key)) {
        properties.set(key, summary.get(key));
      } else {
        properties.remove(key);
      }
    }
    properties.commit();
  }

  /**
   * The position that the table is complete to then, so that the properties tell it when its
   * snapshot has expired. Where that is so by now, they tell it already.
   */
  private void keepPosition(UpdateProperties properties, Snapshot target, long epochAfter) {
    boolean complete = true;
    for (Snapshot snapshot : SnapshotUtil.ancestorsOf(target.snapshotId(), table::snapshot)) {
      Map<String, String> summary = snapshot.summary();
      if (summary.containsKey(LakeKeys.POSITION)) {
        properties.set(LakeKeys.POSITION, summary.get(LakeKeys.POSITION));
        properties.set(LakeKeys.POSITION_EPOCH, String.valueOf(number(snapshot, LakeKeys.EPOCH)));
        return;
      }
      complete = snapshot.parentId() == null;
    }
    String told = table.properties().getOrDefault(LakeKeys.POSITION_EPOCH, "0");
    if (complete || Long.parseLong(told) > epochAfter) {
      properties.remove(LakeKeys.POSITION);
      properties.remove(LakeKeys.POSITION_EPOCH);
    }
  }

  /** The table had no snapshot then: all rows go, and the epoch says so. */
  private void toNothing(Transaction transaction) {
    transaction
        .newDelete()
        .deleteFromRowFilter(Expressions.alwaysTrue())
        .set(LakeKeys.MIRROR, table.properties().getOrDefault(LakeKeys.MIRROR, ""))
        .set(LakeKeys.GENERATION, String.valueOf(generation))
        .set(LakeKeys.EPOCH, String.valueOf(epochOfNothing))
        .set(LakeKeys.POSITION, "")
        .set(LakeKeys.ROWS, "0")
        .commit();
    UpdateProperties properties = transaction.updateProperties();
    properties.set(LakeKeys.EPOCH, String.valueOf(epochOfNothing));
    properties.set(LakeKeys.COMMITTED_GENERATION, String.valueOf(generation));
    properties.set(LakeKeys.ROWS, "0");
    properties.remove(LakeKeys.COMMIT_ID);
    properties.remove(LakeKeys.WATERMARK);
    properties.remove(LakeKeys.HORIZON);
    properties.remove(LakeKeys.POSITION);
    properties.remove(LakeKeys.POSITION_EPOCH);
    properties.commit();
  }
}
