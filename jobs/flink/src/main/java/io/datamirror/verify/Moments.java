package io.datamirror.verify;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.TableHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The tables of a mirror as they stood together: epochs are common to all of them, so one epoch
 * names a moment of the whole mirror. Of each table the newest snapshot of that epoch or before
 * counts that says which position it is complete to.
 */
public final class Moments {

  private static final int NAMED_POSITIONS = 5;

  private final Map<String, Table> tables = new LinkedHashMap<>();

  /** How a moment stands to the others. */
  public enum Age {
    /** There is none after it yet. */
    NEWEST,
    /** What came after it is known, but not looked at. */
    EARLIER
  }

  /** Loads the tables as they are now; all later answers are about them. */
  public Moments(LakeCatalog catalog, List<String> names) {
    names.forEach(name -> tables.put(name, catalog.load(name)));
  }

  /** The newest moment. */
  public Map<String, TableMoment> latest() {
    return at(Long.MAX_VALUE);
  }

  /** The moment of an epoch, without the tables whose snapshots of then have expired. */
  public Map<String, TableMoment> at(long epoch) {
    Map<String, TableMoment> moments = new LinkedHashMap<>();
    tables.forEach(
        (name, table) -> moment(name, table, epoch).ifPresent(found -> moments.put(name, found)));
    return moments;
  }

  /**
   * The moment that a user names: a snapshot of one of the tables, a position that one of them was
   * complete to, or {@code table=position}. A table may stand at a position for many epochs: then
   * the last of them is meant.
   *
   * @throws MirrorException if no snapshot is left that is meant
   */
  public Map<String, TableMoment> at(String text) {
    int equals = text.indexOf('=');
    String table = equals < 0 ? "" : text.substring(0, equals);
    boolean named = tables.containsKey(table);
    String wanted = named ? text.substring(equals + 1) : text;
    OptionalLong epoch =
        tables.entrySet().stream()
            .filter(entry -> !named || entry.getKey().equals(table))
            .flatMapToLong(entry -> epochs(entry.getValue(), wanted))
            .max();
    return at(epoch.orElseThrow(() -> unknown(text)));
  }

  /** The epochs of a table that are meant; what it was taken back from to nothing is none. */
  private static LongStream epochs(Table table, String wanted) {
    LongStream.Builder epochs = LongStream.builder();
    long moved = Long.MAX_VALUE;
    for (Snapshot snapshot : ancestors(table)) {
      if (!snapshot.summary().containsKey(LakeKeys.EPOCH)) {
        continue;
      }
      if (String.valueOf(snapshot.snapshotId()).equals(wanted)) {
        epochs.add(epoch(snapshot));
      }
      String position = snapshot.summary().get(LakeKeys.POSITION);
      if (toNothing(position)) {
        break;
      }
      if (position != null) {
        if (position.equals(wanted) || withoutMark(position).equals(wanted)) {
          epochs.add(moved - 1);
        }
        moved = epoch(snapshot);
      }
    }
    return epochs.build();
  }

  /** Whether a snapshot with this position took its table back to nothing. */
  private static boolean toNothing(String position) {
    return position != null && position.isEmpty();
  }

  /** A position may carry a mark behind it that tells the table from a namesake. */
  private static String withoutMark(String position) {
    int mark = position.lastIndexOf('~');
    return mark > 0 ? position.substring(0, mark) : position;
  }

  private MirrorException unknown(String text) {
    List<String> known = new ArrayList<>();
    tables.forEach(
        (name, table) ->
            ancestors(table).stream()
                .map(snapshot -> snapshot.summary().get(LakeKeys.POSITION))
                .takeWhile(position -> !toNothing(position))
                .filter(position -> position != null)
                .limit(NAMED_POSITIONS)
                .forEach(position -> known.add(name + "=" + withoutMark(position))));
    return new MirrorException(
        ErrorCode.WRONG_ARGUMENT,
        "--at " + text,
        "no snapshot of the mirror's tables has this number, or is complete to this position",
        known.isEmpty()
            ? "Run the mirror first."
            : "Name one that is kept: " + String.join(", ", known) + ".");
  }

  /** The error for a table that a moment does not have. */
  static MirrorException notKept(String name) {
    return new MirrorException(
        ErrorCode.MOMENT_NOT_KEPT,
        name,
        "its snapshots of that moment have expired",
        "Check a later moment, or again when the mirror has committed its next position; keep"
            + " snapshots for longer.");
  }

  /** The error for a table whose rows are not all there at a moment. */
  static MirrorException notLoaded(String name) {
    return new MirrorException(
        ErrorCode.NO_POSITION_YET,
        name,
        "it is not loaded yet: the lake is not complete to any position of its source at that"
            + " moment",
        "Check again when the mirror has read the whole table once.");
  }

  private static boolean neverComplete(Table table) {
    TableHistory history = TableHistory.of(table);
    return history.epoch() > 0 && history.position().isEmpty();
  }

  private static Optional<TableMoment> moment(String name, Table table, long epoch) {
    for (Snapshot snapshot : ancestors(table)) {
      String position = snapshot.summary().get(LakeKeys.POSITION);
      if (position != null && epoch(snapshot) <= epoch) {
        long snapshotId = toNothing(position) ? TableMoment.LOADING : snapshot.snapshotId();
        return Optional.of(new TableMoment(name, table, snapshotId, epoch(snapshot), position));
      }
    }
    if (TableHistory.of(table).epoch() > 0 && expired(table)) {
      return neverComplete(table)
          ? Optional.of(new TableMoment(name, table, TableMoment.LOADING, 0, ""))
          : afterAll(name, table, epoch);
    }
    // A source without a row may never have a position: then its table has no commit either.
    boolean begun =
        ancestors(table).stream()
            .anyMatch(
                snapshot ->
                    snapshot.summary().containsKey(LakeKeys.EPOCH) && epoch(snapshot) <= epoch);
    long snapshotId = begun ? TableMoment.LOADING : TableMoment.NOTHING;
    return Optional.of(new TableMoment(name, table, snapshotId, 0, ""));
  }

  private static boolean expired(Table table) {
    List<Snapshot> kept = ancestors(table);
    return !kept.isEmpty() && kept.get(kept.size() - 1).parentId() != null;
  }

  /**
   * The table as it is, if nothing came after its newest position: the properties know that one
   * when the snapshots that had it have expired.
   */
  private static Optional<TableMoment> afterAll(String name, Table table, long epoch) {
    TableHistory history = TableHistory.of(table);
    boolean complete = history.positionEpoch() > 0 && history.positionEpoch() == history.epoch();
    return complete && history.epoch() <= epoch
        ? Optional.of(
            new TableMoment(name, table, history.snapshotId(), history.epoch(), history.position()))
        : Optional.empty();
  }

  private static List<Snapshot> ancestors(Table table) {
    List<Snapshot> snapshots = new ArrayList<>();
    SnapshotUtil.currentAncestors(table).forEach(snapshots::add);
    return snapshots;
  }

  private static long epoch(Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().getOrDefault(LakeKeys.EPOCH, "0"));
  }
}
