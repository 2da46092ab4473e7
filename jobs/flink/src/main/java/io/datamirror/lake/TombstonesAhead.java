package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Finds what the tombstones hold of tables beyond what those hold themselves: of a table that holds
 * no epoch everything, since that is of another one of its name.
 *
 * <p>Each live file is asked when it came, and not each snapshot what it brought: a mirror leaves
 * thousands of snapshots a day, and a table at rest is behind all of them. What was merged is as
 * good as what it was made of, so of a merge the snapshot before it is asked.
 */
final class TombstonesAhead {

  private final Table tombstones;
  private final Map<String, Held> tables;
  private final TreeMap<Long, Snapshot> kept = new TreeMap<>();
  private final long oldestEpoch;

  /**
   * How far a table goes.
   *
   * @param epoch the newest epoch that it holds, or is about to be taken back to; 0 for none
   * @param mostEpoch the newest one that it held before it was taken back, by whomever
   */
  record Held(long epoch, long mostEpoch) {

    /** Of a table that holds no epoch, or is not there. */
    static final Held NOTHING = new Held(0, 0);

    /** Of a table as it was loaded; its properties stay when somebody rolls it back by hand. */
    static Held of(Table table) {
      long epoch = TableHistory.of(table).epoch();
      long told = Long.parseLong(table.properties().getOrDefault(LakeKeys.EPOCH, "0"));
      return new Held(epoch, Math.max(epoch, told));
    }

    boolean wasTakenBack() {
      return mostEpoch > epoch;
    }
  }

  private enum Age {
    WITHIN,
    AHEAD,
    UNKNOWN
  }

  /**
   * @param tombstones as they were loaded
   * @param tables by name, those that are asked for
   */
  TombstonesAhead(Table tombstones, Map<String, Held> tables) {
    this.tombstones = tombstones;
    this.tables = tables;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(tombstones)) {
      kept.put(snapshot.sequenceNumber(), snapshot);
    }
    this.oldestEpoch =
        kept.values().stream()
            .filter(TombstonesAhead::hasEpoch)
            .mapToLong(TombstonesAhead::epoch)
            .findFirst()
            .orElse(Long.MAX_VALUE);
  }

  /** The names of the tables that there are tombstones of. */
  static Set<String> tablesOf(Table tombstones) {
    Snapshot current = tombstones.currentSnapshot();
    List<ContentFile<?>> files = new ArrayList<>();
    if (current != null) {
      for (ManifestFile manifest : current.dataManifests(tombstones.io())) {
        addAll(files, ManifestFiles.read(manifest, tombstones.io(), tombstones.specs()));
      }
    }
    Set<String> names = new HashSet<>();
    files.forEach(file -> names.add(tableOf(file)));
    return names;
  }

  private static boolean hasEpoch(Snapshot snapshot) {
    return snapshot.summary().containsKey(LakeKeys.EPOCH);
  }

  private static long epoch(Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().get(LakeKeys.EPOCH));
  }

  /**
   * The files of rows and of deletes that would have to go.
   *
   * @throws MirrorException if that cannot be told any more
   */
  List<ContentFile<?>> files() {
    Set<String> behind = behind(TableHistory.of(tombstones).epoch());
    if (behind.isEmpty() || kept.isEmpty()) {
      return List.of();
    }
    refuseMerged();
    List<ContentFile<?>> ahead = new ArrayList<>();
    for (ContentFile<?> file : live(tombstones.currentSnapshot(), behind)) {
      switch (age(file)) {
        case AHEAD -> ahead.add(file);
        case UNKNOWN -> throw untold(tableOf(file));
        case WITHIN -> {}
      }
    }
    return ahead;
  }

  private Set<String> behind(long epoch) {
    Set<String> behind = new HashSet<>();
    tables.forEach(
        (name, held) -> {
          if (held.epoch() < epoch) {
            behind.add(name);
          }
        });
    return behind;
  }

  private Age age(ContentFile<?> file) {
    Held held = tables.get(tableOf(file));
    if (held.epoch() <= 0) {
      return Age.AHEAD;
    }
    Long sequence = file.fileSequenceNumber();
    Snapshot cause = sequence == null ? null : kept.get(sequence);
    if (cause == null) {
      // What is older than all snapshots was reconciled by the start that came after it, but for
      // what the table has held since.
      return held.wasTakenBack() && held.epoch() < oldestEpoch ? Age.UNKNOWN : Age.WITHIN;
    }
    return hasEpoch(cause) && epoch(cause) > held.epoch() ? Age.AHEAD : Age.WITHIN;
  }

  /** What was ahead may live on in merged files, or have taken rows away that are not in them. */
  private void refuseMerged() {
    boolean complete = kept.firstEntry().getValue().parentId() == null;
    long reached = complete ? 0 : oldestEpoch;
    for (Snapshot snapshot : kept.values()) {
      if (hasEpoch(snapshot)) {
        reached = epoch(snapshot);
      } else if (DataOperations.REPLACE.equals(snapshot.operation())) {
        refuseMerged(snapshot, behind(reached));
      }
    }
  }

  private void refuseMerged(Snapshot merge, Set<String> behind) {
    List<ContentFile<?>> merged = new ArrayList<>();
    for (ContentFile<?> file : merge.removedDataFiles(tombstones.io())) {
      if (behind.contains(tableOf(file)) && tables.get(tableOf(file)).epoch() > 0) {
        merged.add(file);
      }
    }
    if (merged.isEmpty()) {
      return;
    }
    Set<String> names = new HashSet<>();
    merged.forEach(file -> names.add(tableOf(file)));
    Snapshot before = merge.parentId() == null ? null : tombstones.snapshot(merge.parentId());
    for (ContentFile<?> file : before == null ? merged : live(before, names)) {
      if (age(file) != Age.WITHIN) {
        String table = tableOf(file);
        boolean mendable = before != null && !tables.get(table).wasTakenBack() && !goneOn(merge);
        throw mendable ? merged(before) : untold(table);
      }
    }
  }

  /** Whether others have deleted since: their tombstones would go with a rollback. */
  private boolean goneOn(Snapshot merge) {
    return kept.tailMap(merge.sequenceNumber()).values().stream()
        .anyMatch(TombstonesAhead::hasEpoch);
  }

  private List<ContentFile<?>> live(Snapshot snapshot, Set<String> names) {
    Expression theirs = Expressions.in(OwnTable.TABLE_COLUMN, names);
    List<ContentFile<?>> files = new ArrayList<>();
    for (ManifestFile manifest : snapshot.dataManifests(tombstones.io())) {
      addAll(
          files,
          ManifestFiles.read(manifest, tombstones.io(), tombstones.specs())
              .filterPartitions(theirs));
    }
    for (ManifestFile manifest : snapshot.deleteManifests(tombstones.io())) {
      addAll(
          files,
          ManifestFiles.readDeleteManifest(manifest, tombstones.io(), tombstones.specs())
              .filterPartitions(theirs));
    }
    return files;
  }

  private static void addAll(
      List<ContentFile<?>> files, CloseableIterable<? extends ContentFile<?>> manifest) {
    try (manifest) {
      manifest.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tableOf(ContentFile<?> file) {
    return String.valueOf(file.partition().get(0, CharSequence.class));
  }

  private static MirrorException merged(Snapshot before) {
    return new MirrorException(
        ErrorCode.TABLE_DOES_NOT_FIT,
        OwnTable.TOMBSTONES.tableName(),
        "its files were rewritten while it was ahead of the mirrored tables, after a job had died",
        "Roll it back to snapshot " + before.snapshotId() + ", and start the mirror again.");
  }

  private MirrorException untold(String table) {
    return new MirrorException(
        ErrorCode.TABLE_DOES_NOT_FIT,
        table,
        "it goes on from epoch "
            + tables.get(table).epoch()
            + ", but "
            + OwnTable.TOMBSTONES.tableName()
            + " was merged since or has lost its snapshots of then, so that nobody can tell which"
            + " deletions came later",
        "Start from a savepoint or checkpoint, or drop the table in the lake: it is then read anew.");
  }
}
