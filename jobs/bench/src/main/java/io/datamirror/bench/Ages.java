package io.datamirror.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How old changes were when they could be read: from the commit in the source to the snapshot that
 * holds them. Thread-safe.
 */
final class Ages {

  private final List<Batch> batches = new ArrayList<>();
  private final List<Aged> aged = new ArrayList<>();
  private int readable;

  /** Changes that were committed together; {@code last} is the greatest number among them. */
  private record Batch(long last, long changes, long nanos) {}

  /** Changes that became readable together at one age. */
  private record Aged(long nanos, long changes) {}

  /** The source has committed so many changes, up to number {@code last}. */
  synchronized void committed(long last, long changes, long nanos) {
    batches.add(new Batch(last, changes, nanos));
  }

  /** All changes up to number {@code to} can be read. */
  synchronized void readable(long to, long nanos) {
    while (readable < batches.size() && batches.get(readable).last <= to) {
      Batch batch = batches.get(readable++);
      aged.add(new Aged(nanos - batch.nanos, batch.changes));
    }
  }

  /** The age in nanoseconds that {@code share} of the changes did not exceed. */
  synchronized long quantile(double share) {
    List<Aged> sorted = aged.stream().sorted(Comparator.comparingLong(Aged::nanos)).toList();
    double wanted = share * sorted.stream().mapToLong(Aged::changes).sum();
    long seen = 0;
    for (Aged some : sorted) {
      seen += some.changes;
      if (seen >= wanted) {
        return some.nanos;
      }
    }
    throw new IllegalStateException("nothing became readable");
  }
}
