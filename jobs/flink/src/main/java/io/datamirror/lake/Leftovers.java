package io.datamirror.lake;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.TombstonesAhead.Held;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
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
 * it when nobody can tell any more what was left. Those of a table that holds no epoch, or is not
 * in the lake, go whatever their epoch is: they are of a table of its name that was dropped, and
 * would hide the rows of the next one.
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
   * Looks whether a start would know what goes beyond tables that it takes back to their positions;
   * changes nothing.
   *
   * @param goingBack how far they go, by name
   * @throws MirrorException if nobody can tell it any more
   */
  static void requireKnown(LakeCatalog catalog, Map<String, Held> goingBack) {
    if (!goingBack.isEmpty()) {
      ahead(tombstones(catalog), goingBack);
    }
  }

  /**
   * Looks whether {@link #remove} will know what goes, when some tables are taken back first;
   * changes nothing.
   *
   * @param tables what the start has
   * @param leftOut what it does without
   * @param goingBack how far they go that are taken back, by name
   * @throws MirrorException if nobody can tell it any more
   */
  void requireKnown(List<String> tables, Set<String> leftOut, Map<String, Held> goingBack) {
    if (!goingBack.isEmpty()) {
      Map<String, Held> held = held(ofMirror(tables), leftOut);
      held.putAll(goingBack);
      ahead(tombstones(), held);
    }
  }

  /**
   * Removes them. Only for a start that goes on from the lake, and only after it has taken its
   * generation: an older job must not be able to commit any more.
   *
   * @param tables what the start has
   * @param leftOut what it does without, and could be loaded before
   */
  public void remove(List<String> tables, Set<String> leftOut) {
    Map<String, Table> mirrored = ofMirror(tables);
    Map<String, Held> held = held(mirrored, leftOut);
    dropped(held.keySet()).forEach(name -> held.put(name, Held.NOTHING));
    removeTombstones(held);
    mirrored.forEach((name, table) -> removeEntries(name, TableHistory.of(table)));
  }

  private Map<String, Held> held(Map<String, Table> mirrored, Set<String> leftOut) {
    Map<String, Held> held = new HashMap<>();
    mirrored.forEach((name, table) -> held.put(name, Held.of(table)));
    ofMirror(leftOut).forEach((name, table) -> held.put(name, ofLeftOut(table)));
    return held;
  }

  private Map<String, Table> ofMirror(Collection<String> names) {
    Map<String, Table> found = new HashMap<>();
    for (String name : names) {
      ofMirror(catalog, mirror, name).ifPresent(table -> found.put(name, table));
    }
    return found;
  }

  /** What nobody can tell of a table that the mirror does without is no reason not to start. */
  private static Held ofLeftOut(Table table) {
    long epoch = Held.of(table).epoch();
    return new Held(epoch, epoch);
  }

  /**
   * The tables of a mirror that a start does without, as they were loaded. One that cannot be
   * loaded is passed over: nobody can commit to it either.
   *
   * @param names those that it has
   */
  public static Map<String, Table> leftOut(
      LakeCatalog catalog, String mirror, Collection<String> names) {
    Map<String, Table> left = new HashMap<>();
    for (String name : catalog.tables()) {
      try {
        if (!names.contains(name)) {
          ofMirror(catalog, mirror, name).ifPresent(table -> left.put(name, table));
        }
      } catch (MirrorException e) {
        LOG.warn("Passes over table {}, which cannot be loaded: {}", name, e.code());
      }
    }
    return left;
  }

  /** The tables that there are tombstones of, and that are not in the lake any more. */
  private Set<String> dropped(Set<String> known) {
    Set<String> names = TombstonesAhead.tablesOf(tombstones());
    names.removeAll(known);
    if (!names.isEmpty()) {
      catalog.tables().forEach(names::remove);
    }
    names.removeIf(this::mayExist);
    return names;
  }

  /** A catalog need not list all that it has. */
  private boolean mayExist(String name) {
    try {
      return catalog.find(name).isPresent();
    } catch (MirrorException e) {
      LOG.warn("Keeps the tombstones of {}, which cannot be loaded: {}", name, e.code());
      return true;
    }
  }

  private static Optional<Table> ofMirror(LakeCatalog catalog, String mirror, String name) {
    return catalog
        .find(name)
        .filter(table -> mirror.equals(table.properties().get(LakeKeys.MIRROR)))
        .filter(table -> !OwnTable.named(name));
  }

  private void removeTombstones(Map<String, Held> held) {
    Table tombstones = tombstones();
    List<ContentFile<?>> ahead = ahead(tombstones, held);
    if (ahead.isEmpty()) {
      return;
    }
    LOG.info("Removes {} files of tombstones that are ahead of their tables", ahead.size());
    LookingOperations operations = LookingOperations.of(tombstones);
    Transaction transaction = operations.transaction(tombstones.name());
    RowDelta delta = transaction.newRowDelta();
    for (ContentFile<?> file : ahead) {
      if (file instanceof DeleteFile deletes) {
        delta.removeDeletes(deletes);
      } else {
        delta.removeRows((DataFile) file);
      }
    }
    commit(tombstones.name(), delta, transaction, operations);
  }

  private Table tombstones() {
    return tombstones(catalog);
  }

  private static Table tombstones(LakeCatalog catalog) {
    return catalog.load(OwnTable.TOMBSTONES.tableName());
  }

  private static List<ContentFile<?>> ahead(Table tombstones, Map<String, Held> held) {
    return new TombstonesAhead(tombstones, held).files();
  }

  /**
   * Entries after the last position are made again by the changes that come again. Those of a file
   * that was applied do not.
   */
  private void removeEntries(String name, TableHistory history) {
    Table ledger = catalog.load(OwnTable.LEDGER.tableName());
    Expression again =
        Expressions.and(
            Expressions.equal(OwnTable.TABLE_COLUMN, name),
            Expressions.greaterThan(OwnTable.EPOCH_COLUMN, history.positionEpoch()),
            Expressions.or(
                Expressions.isNull(OwnTable.COMMIT_COLUMN),
                Expressions.lessThan(OwnTable.COMMIT_COLUMN, OwnTable.FILE_COMMIT)));
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
