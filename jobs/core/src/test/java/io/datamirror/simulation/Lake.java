package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.Batch.Burial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The catalog. Mirrored tables have the numbers of their logs; behind them stand the tombstones and
 * the ledger.
 */
final class Lake {

  /** How many tables the mirror keeps for itself. */
  static final int OWN_TABLES = 2;

  private final World world;
  private final int mirrored;
  private final List<LakeTable> tables = new ArrayList<>();
  private final List<LedgerRow> ledger = new ArrayList<>();
  private final List<Past> pasts = new ArrayList<>();

  /** An entry of the ledger and the epoch that it came with. */
  record LedgerRow(int table, Batch.Entry entry, long epoch) {}

  /**
   * The tombstones as they were once.
   *
   * @param epochs for each mirrored table, up to which epoch its keys are in them
   */
  private record Past(long[] epochs, Map<KeyId, Burial> tombstones) {}

  Lake(World world, int mirrored) {
    this.world = world;
    this.mirrored = mirrored;
    for (int i = 0; i < mirrored + OWN_TABLES; i++) {
      tables.add(new LakeTable());
    }
    pasts.add(new Past(new long[mirrored], Map.of()));
  }

  int tombstones() {
    return mirrored;
  }

  int ledger() {
    return mirrored + 1;
  }

  boolean own(int table) {
    return table >= mirrored;
  }

  int size() {
    return tables.size();
  }

  LakeTable table(int index) {
    return tables.get(index);
  }

  List<LedgerRow> ledgerRows() {
    return ledger;
  }

  Map<KeyId, Burial> buried() {
    return table(tombstones()).content.tombstones();
  }

  /** The greatest epoch of any table. */
  long lastEpoch() {
    return tables.stream().mapToLong(table -> table.epoch).max().orElseThrow();
  }

  /**
   * Commits, if the table is still at {@code base}.
   *
   * @return whether it was
   */
  boolean commit(Committable committable, long base, String commitId) {
    int index = committable.table();
    LakeTable table = table(index);
    if (table.version != base) {
      return false;
    }
    world.trace.add("table %s takes %s with position %s", index, commitId, committable.position());
    if (index == ledger()) {
      committable.batches().forEach(batch -> batch.forEach(part -> add(part, committable)));
    }
    table.apply(committable, commitId);
    if (index == tombstones()) {
      long[] epochs = new long[mirrored];
      Arrays.fill(epochs, committable.epoch());
      pasts.add(new Past(epochs, buried()));
    }
    world.audit.committed(index, committable);
    return true;
  }

  private void add(Batch part, Committable committable) {
    part.entries.forEach(
        entry ->
            ledger.add(new LedgerRow(world.indexOf(entry.table()), entry, committable.epoch())));
  }

  /** Makes the tombstones of a table's keys those of the epoch that the table holds. */
  void reconcileTombstones(int index, long generation, long epoch) {
    int number = world.logs.get(index).shape().table();
    Map<KeyId, Burial> then = asOf(index, table(index).epoch);
    Map<KeyId, Burial> now = buried();
    Batch difference = new Batch();
    now.forEach(
        (key, burial) -> {
          if (key.table() == number && !same(burial, then.get(key))) {
            difference.unburied.add(key);
          }
        });
    then.forEach(
        (key, burial) -> {
          if (key.table() == number && !same(burial, now.get(key))) {
            difference.burials.add(burial);
          }
        });
    LakeTable own = table(tombstones());
    own.version++;
    if (!difference.isEmpty()) {
      world.trace.add("tombstones of table %s go back to epoch %s", index, table(index).epoch);
      own.content.apply(List.of(difference));
      leaveTrace(own, generation, epoch);
    }
    world.audit.reconciled(index, table(index).epoch);
    long[] epochs = pasts.get(pasts.size() - 1).epochs().clone();
    epochs[index] = table(index).epoch;
    pasts.add(new Past(epochs, buried()));
  }

  private Map<KeyId, Burial> asOf(int index, long epoch) {
    for (int i = pasts.size() - 1; i >= 0; i--) {
      if (pasts.get(i).epochs()[index] <= epoch) {
        return pasts.get(i).tombstones();
      }
    }
    throw new IllegalStateException("the first of all pasts has no epoch");
  }

  private static boolean same(Burial left, Burial right) {
    return left != null && right != null && Arrays.equals(left.rank(), right.rank());
  }

  /** Takes entries away whose changes will be read once more. */
  void reconcileLedger(int index, long generation, long epoch) {
    LakeTable own = table(ledger());
    own.version++;
    long keptTo = table(index).positionEpoch;
    if (ledger.removeIf(row -> row.table() == index && row.epoch() > keptTo)) {
      world.trace.add("ledger of table %s goes back to epoch %s", index, keptTo);
      leaveTrace(own, generation, epoch);
    }
  }

  private void leaveTrace(LakeTable own, long generation, long epoch) {
    if (!world.settings.has(Flaw.RECONCILED_WITHOUT_TRACE)) {
      own.epoch = epoch;
      own.epochGeneration = generation;
    }
  }

  /** The rows of a mirrored table and the tombstones of its keys, as they are remembered. */
  List<Message.Recall> recall(int index) {
    List<Message.Recall> recalled = new ArrayList<>();
    if (world.settings.has(Flaw.NO_RECALL)) {
      return recalled;
    }
    LakeTable table = table(index);
    Map<KeyId, byte[]> partitions = table.content.partitions();
    table
        .content
        .rows()
        .forEach(
            (key, row) ->
                recalled.add(
                    new Message.Recall(
                        key, world.audit.memoryOf(index, row, partitions.get(key)))));
    if (!world.settings.has(Flaw.NO_TOMBSTONES_ON_RECALL)) {
      int number = world.logs.get(index).shape().table();
      Map<KeyId, Burial> own = new HashMap<>(buried());
      own.keySet().removeIf(key -> key.table() != number);
      own.forEach((key, burial) -> recalled.add(new Message.Recall(key, memory(burial))));
    }
    return recalled;
  }

  private static Memory memory(Burial burial) {
    return Memory.tombstone(burial.rank(), burial.timeMillis());
  }
}
