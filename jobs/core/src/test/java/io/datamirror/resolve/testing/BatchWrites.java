package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.TableWrites;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Collects what a resolver writes, batch by batch. */
public final class BatchWrites implements TableWrites<Row> {

  private final Map<Integer, Shape> shapes;
  private Batch batch = new Batch();

  /**
   * @param shapes by table number
   */
  public BatchWrites(Map<Integer, Shape> shapes) {
    this.shapes = shapes;
  }

  /** What was written since the last call. */
  public Batch drain() {
    Batch drained = batch;
    drained.checkOneWritePerKey();
    batch = new Batch();
    return drained;
  }

  @Override
  public byte[] partition(int table, Row row) {
    return shapes.get(table).has(Shape.Trait.PARTITIONED)
        ? row.region().getBytes(StandardCharsets.UTF_8)
        : Memory.NO_PARTITION;
  }

  @Override
  public void insert(int table, Row row, byte[] partition) {
    requireOpen(table);
    batch.inserts.add(new Batch.Insert(row, partition));
  }

  @Override
  public void remove(int table, Row row, byte[] partition) {
    requireOpen(table);
    batch.removals.add(new Batch.Removal(row.key(), partition));
  }

  private void requireOpen(int table) {
    if (batch.completed.stream().anyMatch(completed -> completed.table() == table)) {
      throw new Violation("a row comes to table " + table + ", which was complete");
    }
  }

  @Override
  public void bury(KeyId key, Row row, byte[] rank, long timeMillis) {
    batch.burials.add(new Batch.Burial(key, rank, timeMillis));
  }

  @Override
  public void unbury(KeyId key) {
    batch.unburied.add(key);
  }

  @Override
  public void complete(int table) {
    batch.completed.add(new Batch.Completed(table, batch.inserts.size()));
  }

  @Override
  public void expect(int table, int rows) {
    batch.expected.put(table, rows);
  }

  @Override
  public void record(LedgerEntry entry) {
    int serial = Integer.parseInt(entry.key());
    int table = KeyId.tableNumber(entry.table());
    batch.entries.add(new Batch.Entry(table, entry.reason(), serial, entry.error()));
  }

  @Override
  public void record(int table, LedgerReason reason, Row row, long timeMillis, String error) {
    batch.entries.add(new Batch.Entry(table, reason, row.serial(), error));
  }
}
