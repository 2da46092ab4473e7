package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one subtask wrote between two flushes. */
public final class Batch {

  public record Insert(Row row, byte[] partition) {}

  public record Removal(KeyId key, byte[] partition) {}

  public record Burial(KeyId key, byte[] rank, long timeMillis) {}

  public record Entry(int table, LedgerReason reason, int serial, String error) {}

  /**
   * @param inserts so many rows of all tables had been inserted before it was said
   */
  public record Completed(int table, int inserts) {}

  public final List<Insert> inserts = new ArrayList<>();
  public final List<Removal> removals = new ArrayList<>();
  public final List<Burial> burials = new ArrayList<>();
  public final List<KeyId> unburied = new ArrayList<>();
  public final List<Entry> entries = new ArrayList<>();
  public final List<Completed> completed = new ArrayList<>();

  /** By table number, how many rows were said to come. */
  public final Map<Integer, Integer> expected = new LinkedHashMap<>();

  public boolean isEmpty() {
    return inserts.isEmpty()
        && removals.isEmpty()
        && burials.isEmpty()
        && unburied.isEmpty()
        && entries.isEmpty();
  }

  /**
   * Two inserts, removals, burials or unburials of a key in one batch would not find each other.
   */
  public void checkOneWritePerKey() {
    once("inserted", inserts.stream().map(insert -> insert.row().key()).toList());
    once("removed", removals.stream().map(Removal::key).toList());
    once("buried", burials.stream().map(Burial::key).toList());
    once("unburied", unburied);
    Set<KeyId> inserted = new HashSet<>();
    inserts.forEach(insert -> inserted.add(insert.row().key()));
    for (Burial burial : burials) {
      if (inserted.contains(burial.key())) {
        throw new Violation("one batch inserts and buries " + burial.key());
      }
    }
  }

  private static void once(String deed, List<KeyId> keys) {
    Set<KeyId> seen = new HashSet<>();
    for (KeyId key : keys) {
      if (!seen.add(key)) {
        throw new Violation("one batch " + deed + " a key twice: " + key);
      }
    }
  }
}
