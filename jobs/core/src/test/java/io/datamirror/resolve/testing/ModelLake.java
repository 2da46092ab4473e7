package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables, the tombstones and the ledger, to which batches are applied strictly. */
public final class ModelLake {

  private final ModelTable<Row> rows = new ModelTable<>();
  private final ModelTable<Batch.Burial> tombstones = new ModelTable<>();
  private final List<Batch.Entry> ledger = new ArrayList<>();

  /** Applies the batches that several subtasks wrote side by side as one. */
  public void apply(List<Batch> sideBySide) {
    rows.nextBatch();
    tombstones.nextBatch();
    sideBySide.forEach(this::remove);
    sideBySide.forEach(this::insert);
  }

  private void remove(Batch batch) {
    Map<KeyId, List<Object>> content = new HashMap<>();
    for (Batch.Insert insert : batch.inserts) {
      content.put(insert.row().key(), insert.row().stored());
    }
    for (Batch.Removal removal : batch.removals) {
      List<Row> removed = rows.remove(removal.key(), removal.partition());
      if (removed.size() != 1) {
        throw new Violation("an equality delete hit " + removed.size() + " rows: " + removal);
      }
      if (removed.get(0).stored().equals(content.get(removal.key()))) {
        throw new Violation("a row was replaced by itself: " + removed.get(0));
      }
    }
    for (KeyId key : batch.unburied) {
      int removed = tombstones.remove(key, new byte[0]).size();
      if (removed != 1) {
        throw new Violation(removed + " tombstones were removed of " + key);
      }
    }
  }

  private void insert(Batch batch) {
    batch.inserts.forEach(
        insert -> rows.insert(insert.row().key(), insert.partition(), insert.row()));
    batch.burials.forEach(burial -> tombstones.insert(burial.key(), new byte[0], burial));
    ledger.addAll(batch.entries);
  }

  /** The rows by key; fails when a key has two. */
  public Map<KeyId, Row> rows() {
    return rows.rows();
  }

  /** The partition of each row by key. */
  public Map<KeyId, byte[]> partitions() {
    return rows.partitions();
  }

  /** The tombstones by key; fails when a key has two. */
  public Map<KeyId, Batch.Burial> tombstones() {
    return tombstones.rows();
  }

  public List<Batch.Entry> ledger() {
    return ledger;
  }
}
