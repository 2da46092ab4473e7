package io.datamirror.resolve;

import java.util.Arrays;

/**
 * What is remembered of a key: never its row.
 *
 * <p>Immutable; the arrays are shared, not copied, because there is one of these for every key.
 */
public final class Memory {

  /** The partition of an unpartitioned table, and of a key that is not in its table. */
  public static final byte[] NO_PARTITION = {};

  private final byte[] rank;
  private final boolean present;
  private final byte[] partition;
  private final long timeMillis;

  private Memory(byte[] rank, boolean present, byte[] partition, long timeMillis) {
    this.rank = rank;
    this.present = present;
    this.partition = partition;
    this.timeMillis = timeMillis;
  }

  /** A key whose row is in the table, in {@code partition}. */
  public static Memory present(byte[] rank, byte[] partition, long timeMillis) {
    return new Memory(rank, true, partition, timeMillis);
  }

  /** A key whose last change was a delete. */
  public static Memory tombstone(byte[] rank, long timeMillis) {
    return new Memory(rank, false, NO_PARTITION, timeMillis);
  }

  /** The rank of the change that won so far. */
  public byte[] rank() {
    return rank;
  }

  /** Whether the key's row is in the table. */
  public boolean present() {
    return present;
  }

  /** Where the row is, encoded; see the lake's partitions. */
  public byte[] partition() {
    return partition;
  }

  /** The time of the change that won, or {@link Long#MIN_VALUE}. */
  public long timeMillis() {
    return timeMillis;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Memory that
        && present == that.present
        && timeMillis == that.timeMillis
        && Arrays.equals(rank, that.rank)
        && Arrays.equals(partition, that.partition);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(rank);
  }

  @Override
  public String toString() {
    return (present ? "present" : "tombstone") + " of rank " + Arrays.toString(rank);
  }
}
