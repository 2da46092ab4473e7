package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Batch.Burial;
import io.datamirror.resolve.testing.Row;
import io.datamirror.resolve.testing.Violation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The promise, checked after every commit. */
final class Audit {

  /** A row of a log, and why it is in the ledger. */
  private record Recorded(int table, int serial, LedgerReason reason) {}

  /** The greatest rank that a key showed, and whether it shows one now. */
  private record Shown(byte[] rank, boolean now) {}

  private final World world;
  private final Set<Recorded> echoed = new HashSet<>();
  private final Map<KeyId, Shown> shown = new HashMap<>();
  private final Map<Integer, Integer> positions = new HashMap<>();
  private final Applied applied;
  private int labels;

  Audit(World world) {
    this.world = world;
    this.applied = new Applied(world);
  }

  /** A reader has delivered a row twice: its entries may come twice. */
  void echoed(int table, int serial) {
    for (LedgerReason reason : LedgerReason.values()) {
      echoed.add(new Recorded(table, serial, reason));
    }
  }

  /** What a start from the lake works out of a row must be what its change said. */
  Memory memoryOf(int table, Row row, byte[] partition) {
    SourceLog log = world.logs.get(table);
    Memory memory = log.shape().memoryOf(row, partition);
    if (!Arrays.equals(memory.rank(), log.entry(row.serial()).change().rank())) {
      throw new Violation("a row of the lake has another rank than its change: " + row);
    }
    return memory;
  }

  /** The tombstones of a table have gone back to an epoch. */
  void reconciled(int table, long epoch) {
    applied.reconciled(table, epoch);
  }

  void committed(int table, Committable committable) {
    applied.committed(table, committable);
    if (table == world.lake.tombstones()) {
      world.lake.buried();
    } else if (table == world.lake.ledger()) {
      checkLedgerOnce();
    } else {
      Map<KeyId, Row> rows = world.lake.table(table).content.rows();
      checkNoRegress(table, rows);
      if (committable.labelled()) {
        checkLabel(table, committable.position(), rows);
      }
    }
  }

  private void checkLedgerOnce() {
    Set<Recorded> seen = new HashSet<>();
    for (Lake.LedgerRow row : world.lake.ledgerRows()) {
      Recorded recorded = new Recorded(row.table(), row.entry().serial(), row.entry().reason());
      if (!seen.add(recorded) && !echoed.contains(recorded)) {
        throw new Violation("the ledger has an entry twice: " + recorded);
      }
    }
  }

  private void checkNoRegress(int table, Map<KeyId, Row> rows) {
    SourceLog log = world.logs.get(table);
    rows.forEach(
        (key, row) -> {
          byte[] rank = log.entry(row.serial()).change().rank();
          Shown before = shown.put(key, new Shown(rank, true));
          int least = before == null || before.now() ? 0 : 1;
          if (before != null && Rank.compare(rank, before.rank()) < least) {
            throw new Violation(
                "key "
                    + key
                    + " shows an older version than before: "
                    + row
                    + " at table "
                    + table);
          }
        });
    shown.replaceAll(
        (key, last) ->
            key.table() == log.shape().table() && !rows.containsKey(key)
                ? new Shown(last.rank(), false)
                : last);
  }

  private void checkLabel(int table, int position, Map<KeyId, Row> rows) {
    labels++;
    if (positions.merge(table, position, Math::max) != position) {
      throw new Violation("table " + table + " goes back to position " + position);
    }
    Set<Integer> late = recorded(table, LedgerReason.LATE);
    Set<Integer> rejected = recorded(table, LedgerReason.BAD_VALUE);
    checkLate(table, late);
    checkRejected(table, position, rejected);
    checkFold(table, position, rows, winners(table, position, late));
  }

  private Set<Integer> recorded(int table, LedgerReason reason) {
    Set<Integer> serials = new HashSet<>();
    for (Lake.LedgerRow row : world.lake.ledgerRows()) {
      if (row.table() == table && row.entry().reason() == reason) {
        serials.add(row.entry().serial());
      }
    }
    return serials;
  }

  private Map<KeyId, Assembled> winners(int table, int position, Set<Integer> late) {
    SourceLog log = world.logs.get(table);
    Set<Integer> left = new HashSet<>(late);
    left.removeIf(serial -> applied.contains(log.entry(serial)));
    return log.fold(position, left);
  }

  /** Being late is no excuse for what was not. */
  private void checkLate(int table, Set<Integer> late) {
    for (int serial : late) {
      long millis = world.logs.get(table).entry(serial).change().timeMillis();
      if (millis + world.settings.forgetting().latenessMillis() >= world.newestMillis()) {
        throw new Violation("change " + serial + " of table " + table + " is not late");
      }
    }
  }

  private void checkRejected(int table, int position, Set<Integer> rejected) {
    for (LogEntry entry : world.logs.get(table).between(0, position)) {
      if (entry.poison() && !rejected.contains(entry.serial())) {
        throw new Violation("the ledger lacks " + entry.serial() + " of table " + table);
      }
    }
  }

  private void checkFold(
      int table, int position, Map<KeyId, Row> rows, Map<KeyId, Assembled> winners) {
    int present = 0;
    for (Map.Entry<KeyId, Assembled> expected : winners.entrySet()) {
      Row row = rows.get(expected.getKey());
      Assembled winner = expected.getValue();
      boolean upsert = winner.operation() == Operation.UPSERT;
      boolean equal =
          upsert ? row != null && row.stored().equals(winner.row().stored()) : row == null;
      if (!equal) {
        throw new Violation(
            "table "
                + table
                + " at "
                + position
                + " shows "
                + row
                + " instead of "
                + winner.said());
      }
      present += upsert ? 1 : 0;
    }
    if (present != rows.size()) {
      throw new Violation("table " + table + " at " + position + " has rows of unknown keys");
    }
  }

  /** How many snapshots with a position were compared. */
  int labels() {
    return labels;
  }

  /** Everything is read and committed. */
  void atRest() {
    checkLedgerOnce();
    for (int table = 0; table < world.logs.size(); table++) {
      int position = world.logs.get(table).head();
      checkLabel(table, position, world.lake.table(table).content.rows());
      checkTombstones(table, position);
    }
  }

  private void checkTombstones(int table, int position) {
    Set<Integer> late = recorded(table, LedgerReason.LATE);
    Map<KeyId, Assembled> winners = winners(table, position, late);
    Map<KeyId, Burial> buried = world.lake.buried();
    winners.forEach(
        (key, winner) -> {
          Burial burial = buried.get(key);
          boolean deleted = winner.operation() == Operation.DELETE;
          boolean kept = burial != null && Arrays.equals(burial.rank(), winner.rank());
          if (deleted && !kept && !(burial == null && mayBeForgotten(winner))) {
            throw new Violation("the tombstone of " + winner.said() + " is " + burial);
          }
          if (!deleted && burial != null) {
            throw new Violation("a tombstone of a row that is there: " + winner.said());
          }
        });
  }

  private boolean mayBeForgotten(Assembled winner) {
    var forgetting = world.settings.forgetting();
    return !forgetting.never()
        && winner.timeMillis() + forgetting.latenessMillis() < world.newestMillis();
  }
}
