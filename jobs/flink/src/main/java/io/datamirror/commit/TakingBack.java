package io.datamirror.commit;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.Leftovers;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TableHistory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lake of a mirror back to a state, when no job of the mirror runs.
 *
 * <p>Tables that have left the mirror since go back too, also those that came after the state: the
 * tombstones of their rows do.
 */
final class TakingBack {

  private static final Logger LOG = LoggerFactory.getLogger(TakingBack.class);

  /**
   * Mirrored tables first and the tombstones last: who breaks off in between leaves tombstones that
   * are ahead of their tables, which every start from the lake undoes. Tables that are ahead of
   * their tombstones, nobody would see.
   */
  static final Comparator<String> ORDER =
      Comparator.comparing(OwnTable::named)
          .thenComparing(OwnTable.TOMBSTONES.tableName()::equals)
          .thenComparing(Comparator.naturalOrder());

  private final LakeCatalog catalog;
  private final CommitState state;
  private final StateAge age;
  private final long generation;
  private final Retrying retrying;

  /**
   * @param generation the start that does it
   */
  TakingBack(LakeCatalog catalog, CommitState state, long generation, Patience patience) {
    this.catalog = catalog;
    this.state = state;
    this.age = new StateAge(state);
    this.generation = generation;
    this.retrying = new Retrying(patience);
  }

  /**
   * Takes back what is ahead of the state; looks at all tables before it touches one.
   *
   * @param tables the tables of the mirror that is to go on, and its own
   * @return whether there was one
   * @throws io.datamirror.error.MirrorException if a table cannot go back, or a newer start has
   *     taken over
   */
  boolean run(Collection<String> tables) throws InterruptedException {
    Set<String> names = new HashSet<>(tables);
    names.addAll(left(catalog, state, names));
    List<String> ahead = new ArrayList<>();
    for (String name : names) {
      Optional<Table> table = catalog.find(name);
      if (table.isPresent() && age.mustGoBack(name, table.get(), OnLakeAhead.ROLLBACK)) {
        ahead.add(name);
      }
    }
    takeBack(ahead);
    return !ahead.isEmpty();
  }

  /**
   * Takes tables back, each until it has worked.
   *
   * @param ahead those that are ahead of the state and can go back
   * @throws io.datamirror.error.MirrorException if a newer start has taken over, or the catalog is
   *     away for too long
   */
  void takeBack(List<String> ahead) throws InterruptedException {
    for (String name : ahead.stream().sorted(ORDER).toList()) {
      LOG.info("Takes {} back to epoch {}", name, age.lastEpoch());
      retrying.call(name, "The rollback", () -> rollBack(name));
    }
  }

  private Void rollBack(String name) {
    age.rollback(name, catalog.load(name)).run(generation);
    return null;
  }

  /**
   * What the mirror of a state has committed to before it or after it, and still owns.
   *
   * @param names the tables of the mirror that is to go on, and its own
   */
  static Set<String> left(LakeCatalog catalog, CommitState state, Collection<String> names) {
    String mirror = mirror(catalog, OwnTable.TOMBSTONES.tableName());
    Set<String> left = new HashSet<>(state.committedEpochs().keySet());
    left.removeIf(name -> !mirror.equals(mirror(catalog, name)));
    left.addAll(leftAhead(catalog, state, names));
    return left;
  }

  /** Those of them that have changed after the state. */
  static Set<String> leftAhead(LakeCatalog catalog, CommitState state, Collection<String> names) {
    StateAge age = new StateAge(state);
    String mirror = mirror(catalog, OwnTable.TOMBSTONES.tableName());
    Map<String, Table> left = new HashMap<>(Leftovers.leftOut(catalog, mirror, names));
    left.values().removeIf(table -> !age.isBefore(TableHistory.of(table)));
    return left.keySet();
  }

  private static String mirror(LakeCatalog catalog, String name) {
    return catalog
        .find(name)
        .map(table -> table.properties().getOrDefault(LakeKeys.MIRROR, ""))
        .orElse("none");
  }
}
