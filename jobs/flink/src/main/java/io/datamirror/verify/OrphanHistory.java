package io.datamirror.verify;

import io.datamirror.change.KeyId;
import io.datamirror.lake.OrphanLedger;
import io.datamirror.ledger.LedgerReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings the orphans of one relationship together with what the ledger says of them. An orphan is
 * entered once, and so is its end, when its target came, or the row that refers to it went. One
 * that comes back after that is entered once more.
 *
 * <p>Both sides are spread over files, of which one at a time is held in memory: neither what was
 * ever entered nor what is an orphan now has to fit.
 */
final class OrphanHistory implements AutoCloseable {

  private static final byte[] NO_RANK = {};

  private final ScratchDirectory directory;
  private final Buckets orphans;
  private final Buckets entries;

  OrphanHistory() throws IOException {
    directory = ScratchDirectory.create("mirror-orphans-");
    orphans = new Buckets(0, directory.inner("now"));
    entries = new Buckets(0, directory.inner("entered"));
  }

  /** What the ledger says of one row and one target. */
  private static final class Entered {
    private final Orphan orphan;

    /** How often it was entered as an orphan, without the times that it ended. */
    private int open;

    private Entered(Orphan orphan) {
      this.orphan = orphan;
    }
  }

  /** This is an orphan now. */
  void found(Orphan orphan) {
    try {
      orphans.add(entry(orphan, LedgerReason.ORPHAN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is kept of an orphan, or of what the ledger says of one. */
  static Entry entry(Orphan orphan, LedgerReason reason) {
    String text = orphan.text();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    KeyId identity = KeyId.of(0, bytes, bytes.length);
    return new Entry(identity, NO_RANK, reason == LedgerReason.ORPHAN, 0, text, Timeliness.IN_TIME);
  }

  /** All orphans were found: adds to the ledger what it does not say yet. */
  void enter(OrphanLedger ledger, Moments.Age age) throws IOException {
    ledger.read((key, reference, reason) -> entries.add(entry(new Orphan(key, reference), reason)));
    orphans.seal();
    entries.seal();
    for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
      enter(bucket, ledger, age);
    }
  }

  private void enter(int bucket, OrphanLedger ledger, Moments.Age age) throws IOException {
    Map<KeyId, Entered> known = new HashMap<>();
    entries.read(
        bucket,
        entry ->
            known.computeIfAbsent(entry.key(), key -> new Entered(Orphan.of(entry.keyText())))
                    .open +=
                entry.present() ? 1 : -1);
    boolean newest = age == Moments.Age.NEWEST;
    orphans.read(
        bucket,
        entry -> {
          Entered before = known.remove(entry.key());
          if (before == null || newest && before.open <= 0) {
            add(ledger, Orphan.of(entry.keyText()), LedgerReason.ORPHAN);
          }
        });
    if (newest) {
      known.values().stream()
          .filter(entered -> entered.open > 0)
          .forEach(entered -> add(ledger, entered.orphan, LedgerReason.ORPHAN_ENDED));
    }
  }

  private static void add(OrphanLedger ledger, Orphan orphan, LedgerReason reason) {
    ledger.add(orphan.key(), orphan.reference(), reason);
  }

  @Override
  public void close() throws IOException {
    try (directory;
        orphans;
        entries) {
      // Closed in any case, each whatever becomes of the others.
    }
  }
}
