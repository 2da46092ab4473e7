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
  private long sourceRows;
  private long lakeRows;

  /**
   * @param source changes or rows of the source; per key the greatest rank counts
   * @param lake rows of the mirror
   */
  BucketComparison(Buckets source, Buckets lake) {
    this.source = source;
    this.lake = lake;
  }

  /** Hands over each key that differs, once. */
  void run(Consumer<Difference> differences) throws IOException {
    for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
      Map<KeyId, Entry> expected = fold(bucket);
      Sum expectedSum = new Sum();
      expected.values().forEach(expectedSum::add);
      Sum actualSum = new Sum();
      lake.read(bucket, actualSum::add);
      sourceRows += expectedSum.count;
      lakeRows += actualSum.count;
      if (!expectedSum.equalTo(actualSum)) {
        compareKeys(bucket, expected, differences);
      }
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

  private Map<KeyId, Entry> fold(int bucket) throws IOException {
    Map<KeyId, Entry> winners = new HashMap<>();
    source.read(bucket, entry -> winners.merge(entry.key(), entry, BucketComparison::greater));
    winners.values().removeIf(entry -> !entry.present());
    return winners;
  }

  private static Entry greater(Entry left, Entry right) {
    return Rank.compare(left.rank(), right.rank()) >= 0 ? left : right;
  }

  private void compareKeys(int bucket, Map<KeyId, Entry> expected, Consumer<Difference> differences)
      throws IOException {
    Set<KeyId> seen = new HashSet<>();
    Set<KeyId> told = new HashSet<>();
    lake.read(
        bucket,
        row -> {
          Kind kind = kind(row, expected.get(row.key()), seen.add(row.key()));
          if (kind != null && told.add(row.key())) {
            differences.accept(new Difference(row.keyText(), kind));
          }
        });
    expected.values().stream()
        .filter(row -> !seen.contains(row.key()))
        .forEach(row -> differences.accept(new Difference(row.keyText(), Kind.MISSING)));
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
