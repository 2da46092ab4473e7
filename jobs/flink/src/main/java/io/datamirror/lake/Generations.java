package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.plan.TablePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers the starts of a mirror, so that of two jobs only the newer can commit.
 *
 * <p>The number is a property of every table, set by compare and swap, where need be together with
 * a snapshot that keeps older commits out ({@link Fence}). The tombstones come first in every start
 * and decide between two that happen at the same time.
 */
public final class Generations {

  private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
  private static final int TRIES = 20;

  private final LakeCatalog catalog;

  public Generations(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /** What the changes of a start come from. */
  public enum Origin {
    /** From the source of the mirror: what was not committed with a position comes again. */
    SOURCE,
    /** From a file that is applied once: nothing of it comes again. */
    FILE
  }

  /**
   * A start of a mirror.
   *
   * @param generation its number; commits of older ones are refused from now on
   * @param lastEpoch the greatest epoch that was committed before it, to whatever table of the
   *     mirror
   * @param watermarks by the name of each mirrored table, the watermark that its keys were
   *     forgotten by before it, or {@link Long#MIN_VALUE}
   * @param horizons by the name of each mirrored table: keys of what is older may be forgotten,
   *     whatever lateness held then; or {@link Long#MIN_VALUE}
   * @param epochs by the name of each mirrored table, the greatest epoch that was committed to it;
   *     0 for none. What it holds less of later, somebody else has taken away
   */
  public record Start(
      long generation,
      long lastEpoch,
      Map<String, Long> watermarks,
      Map<String, Long> horizons,
      Map<String, Long> epochs,
      Origin origin)
      implements java.io.Serializable {

    public Start {
      watermarks = Map.copyOf(watermarks);
      horizons = Map.copyOf(horizons);
      epochs = Map.copyOf(epochs);
    }

    /** The same start for a file. */
    public Start ofFile() {
      return new Start(generation, lastEpoch, watermarks, horizons, epochs, Origin.FILE);
    }

    /** The watermarks by the numbers of the tables. */
    public Map<Integer, Long> floors(List<TablePlan> tables) {
      return byNumber(tables, watermarks);
    }

    /** The horizons by the numbers of the tables. */
    public Map<Integer, Long> horizons(List<TablePlan> tables) {
      return byNumber(tables, horizons);
    }

    private static Map<Integer, Long> byNumber(List<TablePlan> tables, Map<String, Long> byName) {
      Map<Integer, Long> numbers = new HashMap<>();
      tables.forEach(
          table -> numbers.put(table.number(), byName.getOrDefault(table.name(), Long.MIN_VALUE)));
      return numbers;
    }
  }

  /**
   * Takes the next generation for tables that exist.
   *
   * @param tables the names of the mirrored tables; the mirror's own come by themselves
   */
  public Start take(List<String> tables) {
    return take(tables, Set.of());
  }

  /**
   * The same, and nobody older can commit to the tables either that this start does without.
   *
   * @param others the names of tables that exist
   */
  Start take(List<String> tables, Set<String> others) {
    Set<String> distinct = new LinkedHashSet<>(names(tables));
    distinct.addAll(others);
    List<String> names = List.copyOf(distinct);
    long generation = 1 + names.stream().mapToLong(this::generation).max().orElse(0);
    String token = UUID.randomUUID().toString();
    generation = raise(names.get(0), generation, token);
    for (String name : names.subList(1, names.size())) {
      follow(name, generation, token);
    }
    // Nobody older can commit any more. What a table holds that the start does without was
    // committed before the start too, and is to be told from what comes after it.
    long lastEpoch = names.stream().mapToLong(this::lastEpoch).max().orElse(0);
    return start(generation, lastEpoch, tables, Origin.SOURCE);
  }

  private Start start(long generation, long lastEpoch, List<String> tables, Origin origin) {
    Map<String, Long> watermarks = new HashMap<>();
    Map<String, Long> horizons = new HashMap<>();
    Map<String, Long> epochs = new HashMap<>();
    new LakeHistory(catalog)
        .of(tables)
        .forEach(
            (name, history) -> {
              watermarks.put(name, history.watermarkMillis());
              horizons.put(name, history.horizonMillis());
              epochs.put(name, history.epoch());
            });
    return new Start(generation, lastEpoch, watermarks, horizons, epochs, origin);
  }

  /**
   * The same start after the lake was taken back: what was forgotten since then is known again.
   * Epochs count on from where they were.
   */
  public Start again(Start start, List<String> tables) {
    return start(start.generation(), start.lastEpoch(), tables, start.origin());
  }

  private static List<String> names(List<String> tables) {
    List<String> names = new ArrayList<>();
    for (OwnTable own : OwnTable.values()) {
      names.add(own.tableName());
    }
    names.addAll(tables);
    return names;
  }

  private long generation(String table) {
    return generation(catalog.load(table).properties());
  }

  private long lastEpoch(String table) {
    Map<String, String> properties = catalog.load(table).properties();
    return Long.parseLong(properties.getOrDefault(LakeKeys.EPOCH, "0"));
  }

  public static long generation(Map<String, String> properties) {
    return Long.parseLong(properties.getOrDefault(LakeKeys.GENERATION, "0"));
  }

  /** Sets the generation, or the next one if somebody else has it; what was set. */
  private long raise(String name, long wanted, String token) {
    return set(name, token, found -> Math.max(wanted, found + 1));
  }

  /**
   * Sets the generation that the first table has. Another start that came first keeps the table as
   * it is: were it raised here, neither of the two could commit to it.
   */
  private void follow(String name, long generation, String token) {
    set(
        name,
        token,
        found -> {
          if (found >= generation) {
            throw new MirrorException(
                ErrorCode.GENERATION_FENCED,
                name,
                "another start of this mirror took over at the same time",
                "Let only one of the two run.");
          }
          return generation;
        });
  }

  /** Sets the generation that follows from the one that is found; what was set. */
  private long set(String name, String token, LongUnaryOperator next) {
    LookingOperations operations = LookingOperations.of(catalog.load(name));
    for (int attempt = 1; ; attempt++) {
      TableMetadata seen = seen(name, operations);
      long found = generation(seen.properties());
      if (token.equals(seen.properties().get(LakeKeys.GENERATION_TOKEN))) {
        return found;
      }
      long generation = next.applyAsLong(found);
      try {
        set(name, operations, seen, generation, token);
      } catch (RuntimeException e) {
        // It may have been applied all the same: the next look at the table tells.
        LOG.info("Taking a generation of {} again: {}", name, LakeFailure.classes(e));
        if (attempt == TRIES) {
          throw LakeFailure.of(e, name);
        }
      }
    }
  }

  private static TableMetadata seen(String name, LookingOperations operations) {
    try {
      return operations.refresh();
    } catch (RuntimeException e) {
      throw LakeFailure.of(e, name);
    }
  }

  /** The table is not as it was looked at. */
  private static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * None of Iceberg's own: after those it deletes files, and the commit may have been applied.
     */
    Overtaken() {
      super("another commit came first", null, false, false);
    }
  }

  /** Sets the generation in one commit, if the table is as it was looked at. */
  private static void set(
      String name,
      LookingOperations operations,
      TableMetadata seen,
      long generation,
      String token) {
    Transaction transaction =
        operations
            .guarded(
                base -> {
                  if (!asSeen(base, seen)) {
                    throw new Overtaken();
                  }
                })
            .transaction(name);
    transaction
        .updateProperties()
        .set(LakeKeys.GENERATION, String.valueOf(generation))
        .set(LakeKeys.GENERATION_TOKEN, token)
        .commit();
    operations.fence(transaction, generation);
    transaction.commitTransaction();
  }

  private static boolean asSeen(TableMetadata base, TableMetadata seen) {
    String token = LakeKeys.GENERATION_TOKEN;
    return Objects.equals(base.properties().get(token), seen.properties().get(token))
        && Objects.equals(snapshotId(base), snapshotId(seen));
  }

  private static Long snapshotId(TableMetadata table) {
    return table.currentSnapshot() == null ? null : table.currentSnapshot().snapshotId();
  }
}
