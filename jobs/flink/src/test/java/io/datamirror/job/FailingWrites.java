package io.datamirror.job;

import io.datamirror.change.KeyId;
import io.datamirror.commit.Part;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Counts;
import io.datamirror.stream.EpochWrites;
import io.datamirror.stream.WritesFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * Writes that are slow until they fail, once, in the given hand-over of files; from then on they
 * are quick and whole.
 *
 * <p>So a job makes some checkpoints, fails, and then runs to its end before the next checkpoint.
 */
final class FailingWrites implements EpochWrites<Part> {

  private static final long PACE_MILLIS = 40;
  private static final Map<String, AtomicInteger> DRAINS = new ConcurrentHashMap<>();

  private final EpochWrites<Part> writes;
  private final AtomicInteger left;

  private FailingWrites(EpochWrites<Part> writes, AtomicInteger left) {
    this.writes = writes;
    this.left = left;
  }

  /**
   * @param name tells one test run from the others in this process
   * @param failAt which hand-over fails, over all subtasks
   */
  static WritesFactory<Part> around(WritesFactory<Part> factory, String name, int failAt) {
    DRAINS.put(name, new AtomicInteger(failAt));
    return (subtask, attempt, metrics) ->
        new FailingWrites(factory.open(subtask, attempt, metrics), DRAINS.get(name));
  }

  /** Whether the failure has happened. */
  static boolean failed(String name) {
    return DRAINS.get(name).get() <= 0;
  }

  @Override
  public List<Part> drain(Map<Integer, Counts> counts, IntToLongFunction watermarkMillis)
      throws IOException {
    if (left.get() > 0) {
      pace();
      if (left.decrementAndGet() == 0) {
        throw new IOException("the disk is full, says the test");
      }
    }
    return writes.drain(counts, watermarkMillis);
  }

  private static void pace() {
    try {
      Thread.sleep(PACE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public byte[] partition(int table, BinaryRowData row) {
    return writes.partition(table, row);
  }

  @Override
  public void insert(int table, BinaryRowData row, byte[] partition) {
    writes.insert(table, row, partition);
  }

  @Override
  public void remove(int table, BinaryRowData row, byte[] partition) {
    writes.remove(table, row, partition);
  }

  @Override
  public void bury(KeyId key, BinaryRowData row, byte[] rank, long timeMillis) {
    writes.bury(key, row, rank, timeMillis);
  }

  @Override
  public void unbury(KeyId key) {
    writes.unbury(key);
  }

  @Override
  public void complete(int table) {
    writes.complete(table);
  }

  @Override
  public void expect(int table, int rows) {
    writes.expect(table, rows);
  }

  @Override
  public void record(LedgerEntry entry) {
    writes.record(entry);
  }

  @Override
  public void record(
      int table, LedgerReason reason, BinaryRowData row, long timeMillis, String error) {
    writes.record(table, reason, row, timeMillis, error);
  }

  @Override
  public void close() throws IOException {
    writes.close();
  }
}
