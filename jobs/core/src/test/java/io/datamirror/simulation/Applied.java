package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.Batch.Burial;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which changes the tables have taken in so far. After a start from the lake such a change may be
 * read once more when its key is forgotten again: then the ledger calls it late, and yet it counts.
 */
final class Applied {

  /** A change, as far as the law can tell it from others. */
  private record Taken(KeyId key, ByteBuffer rank) {}

  /** A tombstone whose table has not come to its epoch. */
  private record Ahead(long epoch, Burial burial) {}

  private final World world;
  private final Set<Taken> taken = new HashSet<>();
  private final List<Ahead> ahead = new ArrayList<>();

  Applied(World world) {
    this.world = world;
  }

  void committed(int table, Committable committable) {
    for (List<Batch> batch : committable.batches()) {
      for (Batch part : batch) {
        part.burials.forEach(burial -> ahead.add(new Ahead(committable.epoch(), burial)));
        part.inserts.forEach(insert -> take(table, insert));
      }
    }
    if (!world.lake.own(table)) {
      arrive(table, committable.epoch());
    }
  }

  private void take(int table, Batch.Insert insert) {
    byte[] rank = world.logs.get(table).entry(insert.row().serial()).change().rank();
    taken.add(new Taken(insert.row().key(), ByteBuffer.wrap(rank)));
  }

  private void arrive(int table, long epoch) {
    int number = world.logs.get(table).shape().table();
    ahead.removeIf(
        waiting -> {
          Burial burial = waiting.burial();
          boolean reached = burial.key().table() == number && waiting.epoch() <= epoch;
          if (reached) {
            taken.add(new Taken(burial.key(), ByteBuffer.wrap(burial.rank())));
          }
          return reached;
        });
  }

  /** The tombstones of a table have gone back to an epoch. */
  void reconciled(int table, long epoch) {
    int number = world.logs.get(table).shape().table();
    ahead.removeIf(waiting -> waiting.burial().key().table() == number && waiting.epoch() > epoch);
  }

  boolean contains(LogEntry entry) {
    ByteBuffer rank = ByteBuffer.wrap(entry.change().rank());
    return taken.contains(new Taken(entry.change().key(), rank));
  }
}
