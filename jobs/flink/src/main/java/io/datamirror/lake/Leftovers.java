package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what an earlier job left in the mirror's own tables beyond what its mirrored tables hold.
 *
 * <p>The own tables of an epoch are committed first. When a job dies in between and the next starts
 * from the lake, the changes of that epoch come again: their tombstones must not be there before
 * them, and their ledger entries not twice.
 *
 * <p>Tombstones of tables that are no longer in the spec are looked at too: they may come back to
 * it when nobody can tell any more what was left. Those of a table that holds no epoch go whatever
 * their epoch is: they are of a table of its name that was dropped, and would hide its rows.
 */
public final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final LakeCatalog catalog;
  private final String mirror;
  private final long generation;

  /**
   * @param generation what the start has taken. It is written with what is removed: a state from
   *     before would not find it, and must see that
   */
  public Leftovers(LakeCatalog catalog, String mirror, long generation) {
    this.catalog = catalog;
    this.mirror = mirror;
    this.generation = generation;
  }

  /**
   * Removes them. Only for a start that goes on from the lake, and only after it has taken its
   * generation: an older job must not be able to commit any more.
   */
  public void remove(List<String> tables) {
    Map<String, TableHistory> histories = histories();
    removeTombstones(histories);
    for (String table : tables) {
      if (histories.containsKey(table)) {
        removeEntries(table, histories.get(table));
      }
    }
  }

  /** Of every table of the mirror that is in the lake. */
  private Map<String, TableHistory> histories() {
    Map<String, TableHistory> histories = new HashMap<>();
    for (String name : catalog.tables()) {
      catalog
          .find(name)
          .filter(table -> mirror.equals(table.properties().get(LakeKeys.MIRROR)))
          .ifPresent(table -> histories.put(name, TableHistory.of(table)));
    }
    return histories;
  }

  private void removeTombstones(Map<String, TableHistory> histories) {
    Table tombstones = catalog.load(OwnTable.TOMBSTONES.tableName());
    LookingOperations operations = LookingOperations.of(tombstones);
    Transaction transaction = operations.transaction(tombstones.name());
    RowDelta delta = transaction.newRowDelta();
    Map<String, TableHistory> begun = new HashMap<>(histories);
    begun.values().removeIf(history -> history.epoch() <= 0);
    Set<String> empty = new HashSet<>(histories.keySet());
    empty.removeAll(begun.keySet());
    int removed = forget(delta, tombstones, empty);
    boolean rewritten = false;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(tombstones)) {
      if (snapshot.summary().containsKey(LakeKeys.RECONCILED)) {
        break;
      }
      rewritten |= DataOperations.REPLACE.equals(snapshot.operation());
      String epoch = snapshot.summary().get(LakeKeys.EPOCH);
      if (epoch != null) {
        int files = undo(delta, snapshot, tombstones, behind(begun, Long.parseLong(epoch)));
        if (files > 0 && rewritten) {
          throw rewritten(snapshot);
        }
        removed += files;
      }
    }
    if (removed > 0) {
      LOG.info("Removes {} files of tombstones that are ahead of their tables", removed);
      commit(tombstones.name(), delta, transaction, operations);
    }
  }

  private static int forget(RowDelta delta, Table tombstones, Set<String> tables) {
    int removed = 0;
    Expression theirs = Expressions.in(OwnTable.TABLE_COLUMN, tables);
    try (CloseableIterable<FileScanTask> files = tombstones.newScan().filter(theirs).planFiles()) {
      for (FileScanTask file : files) {
        delta.removeRows(file.file());
        removed++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return removed;
  }

  /** The files may live on in others, where a tombstone would hide a deletion that comes again. */
  private static MirrorException rewritten(Snapshot leftover) {
    return new MirrorException(
        ErrorCode.TABLE_DOES_NOT_FIT,
        OwnTable.TOMBSTONES.tableName(),
        "its files were rewritten while it was ahead of the mirrored tables, after a job had died",
        "Roll it back to snapshot " + leftover.snapshotId() + ", and start the mirror again.");
  }

  /** The tables that do not have the epoch yet. */
  private static Map<String, TableHistory> behind(Map<String, TableHistory> histories, long epoch) {
    Map<String, TableHistory> behind = new HashMap<>(histories);
    behind.values().removeIf(history -> history.epoch() >= epoch);
    return behind;
  }

  private static int undo(
      RowDelta delta, Snapshot snapshot, Table tombstones, Map<String, TableHistory> behind) {
    if (behind.isEmpty()) {
      return 0;
    }
    int removed = 0;
    for (DataFile file : snapshot.addedDataFiles(tombstones.io())) {
      if (behind.containsKey(tableOf(file))) {
        delta.removeRows(file);
        removed++;
      }
    }
    for (DeleteFile file : snapshot.addedDeleteFiles(tombstones.io())) {
      if (behind.containsKey(tableOf(file))) {
        delta.removeDeletes(file);
        removed++;
      }
    }
    return removed;
  }

  private static String tableOf(ContentFile<?> file) {
    return String.valueOf(file.partition().get(0, CharSequence.class));
  }

  /** Entries after the last position are made again by the changes that come again. */
  private void removeEntries(String name, TableHistory history) {
    Table ledger = catalog.load(OwnTable.LEDGER.tableName());
    Expression again =
        Expressions.and(
            Expressions.equal(OwnTable.TABLE_COLUMN, name),
            Expressions.greaterThan(OwnTable.EPOCH_COLUMN, history.positionEpoch()));
    if (noneMatch(ledger, again)) {
      return;
    }
    LOG.info("Removes ledger entries of {} whose changes will come again", name);
    try {
      LookingOperations operations = LookingOperations.of(ledger);
      Transaction transaction = operations.transaction(ledger.name());
      DeleteFiles delete = transaction.newDelete().deleteFromRowFilter(again);
      commit(ledger.name(), delete, transaction, operations);
    } catch (ValidationException e) {
      // Somebody has merged files of several epochs: better an entry twice than none.
      LOG.warn("Entries of {} will be twice in the ledger: its files were rewritten", name);
    }
  }

  private void commit(
      String name,
      SnapshotUpdate<?> update,
      Transaction transaction,
      LookingOperations operations) {
    update.validateWith(ancestors -> notFenced(name, operations));
    update.set(LakeKeys.MIRROR, mirror);
    update.set(LakeKeys.GENERATION, String.valueOf(generation));
    update.set(LakeKeys.RECONCILED, "true");
    update.commit();
    transaction
        .updateProperties()
        .set(LakeKeys.COMMITTED_GENERATION, String.valueOf(generation))
        .commit();
    transaction.commitTransaction();
  }

  /** Asked at every attempt; a later start may have taken over meanwhile. */
  private boolean notFenced(String name, LookingOperations operations) {
    long newest = Generations.generation(operations.current().properties());
    if (newest > generation) {
      throw Fenced.of(name, newest, generation);
    }
    return true;
  }

  private static boolean noneMatch(Table ledger, Expression filter) {
    try (CloseableIterable<?> files = ledger.newScan().filter(filter).planFiles()) {
      return !files.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
