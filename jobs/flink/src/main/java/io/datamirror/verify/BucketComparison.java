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
    Map<KeyId, Set<Long>> earlier = earlierContents(bucket);
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
          if (kind != Kind.DUPLICATE
              && earlier.getOrDefault(row.key(), Set.of()).contains(row.content())) {
            late++;
          } else if (told.add(row.key())) {
            consumer.accept(new Difference(row.keyText(), kind));
          }
        });
    for (Entry row : expected.values()) {
      if (seen.contains(row.key())) {
        continue;
      }
      if (earlier.containsKey(row.key())) {
        late++;
      } else {
        consumer.accept(new Difference(row.keyText(), Kind.MISSING));
      }
    }
  }

  /** Of each key that something may have been too late for, every row that its source had. */
  private Map<KeyId, Set<Long>> earlierContents(int bucket) throws IOException {
    Map<KeyId, Set<Long>> contents = new HashMap<>();
    source.read(
        bucket,
        entry -> {
          if (entry.outOfTime()) {
            contents.putIfAbsent(entry.key(), new HashSet<>());
          }
        });
    if (!contents.isEmpty()) {
      source.read(
          bucket,
          entry -> {
            if (entry.present() && contents.containsKey(entry.key())) {
              contents.get(entry.key()).add(entry.content());
            }
          });
    }
    return contents;
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
