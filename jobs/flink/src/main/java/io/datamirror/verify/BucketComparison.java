package io.datamirror.verify;

import io.datamirror.change.KeyId;
import io.datamirror.change.Rank;
import io.datamirror.verify.Difference.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares the rows of two sides, bucket by bucket: first by count and by a hash that does not
 * depend on order, and only where these differ key by key.
 */
final class BucketComparison {
  private final Buckets source;
  private final Buckets lake;
  private final Buckets moved;
  private long sourceRows;
  private long lakeRows;
  private long leftOut;
  private long late;
  private long differences;

  /**
   * @param source changes or rows of the source; per key the greatest rank counts
   * @param lake rows of the mirror
   * @param moved keys that are not compared
   */
  BucketComparison(Buckets source, Buckets lake, Buckets moved) {
    this.source = source;
    this.lake = lake;
    this.moved = moved;
  }

  /** Hands over each key that differs, once. */
  void run(Consumer<Difference> consumer) throws IOException {
    Consumer<Difference> counting =
        difference -> {
          differences++;
          consumer.accept(difference);
        };
    for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
      compare(bucket, counting);
    }
  }

  private void compare(int bucket, Consumer<Difference> consumer) throws IOException {
    Set<KeyId> left = new HashSet<>();
    moved.read(bucket, entry -> left.add(entry.key()));
    Map<KeyId, Entry> expected = fold(bucket);
    expected.keySet().removeAll(left);
    Sum expectedSum = new Sum();
    expected.values().forEach(expectedSum::add);
    Sum actualSum = new Sum();
    readLake(bucket, left, actualSum::add);
    leftOut += left.size();
    sourceRows += expectedSum.count;
    lakeRows += actualSum.count;
    if (!expectedSum.equalTo(actualSum)) {
      compareKeys(bucket, left, expected, consumer);
    }
  }

  /** How many rows the source has, once {@link #run} is through. */
  long sourceRows() {
    return sourceRows;
  }

  /** How many rows the mirror has, once {@link #run} is through. */
  long lakeRows() {
    return lakeRows;
  }

  /** How many keys were not compared, once {@link #run} is through. */
  long leftOut() {
    return leftOut;
  }

  /**
   * How many keys show an earlier state because something was late, once {@link #run} is through.
   */
  long late() {
    return late;
  }

  /** How many keys differ, once {@link #run} is through. */
  long differences() {
    return differences;
  }

  private void readLake(int bucket, Set<KeyId> left, Consumer<Entry> consumer) throws IOException {
    lake.read(
        bucket,
        row -> {
          if (!left.contains(row.key())) {
            consumer.accept(row);
          }
        });
  }

  private Map<KeyId, Entry> fold(int bucket) throws IOException {
    Map<KeyId, Entry> winners = new HashMap<>();
    source.read(bucket, entry -> winners.merge(entry.key(), entry, BucketComparison::greater));
    winners.values().removeIf(entry -> !entry.present());
    return winners;
  }

  private static Entry greater(Entry left, Entry right) {
    return Rank.compare(left.rank(), right.rank()) >= 0 ? left : right;
  }

  private void compareKeys(
      int bucket, Set<KeyId> left, Map<KeyId, Entry> expected, Consumer<Difference> consumer)
      throws IOException {
    Map<KeyId, Earlier> earlier = earlier(bucket);
    Set<KeyId> seen = new HashSet<>();
    Set<KeyId> told = new HashSet<>();
    readLake(
        bucket,
        left,
        row -> {
          Kind kind = kind(row, expected.get(row.key()), seen.add(row.key()));
          if (kind == null) {
            return;
          }
          Earlier known = earlier.get(row.key());
          if (known != null && known.explains(kind, row.content())) {
            late++;
          } else if (told.add(row.key())) {
            consumer.accept(new Difference(row.keyText(), kind));
          }
        });
    for (Entry row : expected.values()) {
      if (seen.contains(row.key())) {
        continue;
      }
      Earlier known = earlier.get(row.key());
      if (known != null && known.explainsAbsence()) {
        late++;
      } else {
        consumer.accept(new Difference(row.keyText(), Kind.MISSING));
      }
    }
  }

  /** Of a key that something may have been too late for, every row that its source had. */
  private static final class Earlier {
    private final Set<Long> contents = new HashSet<>();
    private Timeliness timeliness = Timeliness.IN_TIME;

    void add(Timeliness other) {
      timeliness = timeliness.compareTo(other) >= 0 ? timeliness : other;
    }

    /**
     * Whether the row may stand in the lake all the same. After a forgotten delete an older row may
     * stand where none should; what should stand there came in time, or is in the ledger.
     */
    boolean explains(Kind kind, long content) {
      boolean possible =
          switch (kind) {
            case EXTRA -> true;
            case DIFFERENT, MISSING -> explainsAbsence();
            case DUPLICATE -> false;
          };
      return possible && contents.contains(content);
    }

    /** Whether a row that should stand in the lake may not be there. */
    boolean explainsAbsence() {
      return timeliness == Timeliness.LATE;
    }
  }

  private Map<KeyId, Earlier> earlier(int bucket) throws IOException {
    Map<KeyId, Earlier> earlier = new HashMap<>();
    source.read(
        bucket,
        entry -> {
          if (entry.timeliness() != Timeliness.IN_TIME) {
            earlier.computeIfAbsent(entry.key(), key -> new Earlier()).add(entry.timeliness());
          }
        });
    if (!earlier.isEmpty()) {
      source.read(
          bucket,
          entry -> {
            if (entry.present() && earlier.containsKey(entry.key())) {
              earlier.get(entry.key()).contents.add(entry.content());
            }
          });
    }
    return earlier;
  }

  private static Kind kind(Entry row, Entry expected, boolean first) {
    if (!first) {
      return Kind.DUPLICATE;
    }
    if (expected == null) {
      return Kind.EXTRA;
    }
    return row.content() == expected.content() ? null : Kind.DIFFERENT;
  }

  /** A count, and a sum of hashes: the same for any order of the same rows. */
  private static final class Sum {
    private long count;
    private long hash;

    void add(Entry row) {
      count++;
      long mixed = (row.content() ^ row.key().high() * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
      hash += (mixed ^ mixed >>> 31 ^ row.key().low()) * 0x94D049BB133111EBL;
    }

    boolean equalTo(Sum other) {
      return count == other.count && hash == other.hash;
    }
  }
}
