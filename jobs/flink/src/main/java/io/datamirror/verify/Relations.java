package io.datamirror.verify;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.OrphanLedger;
import io.datamirror.lake.OwnTable;
import io.datamirror.relate.LakeReference;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Checks relationships of a mirror, and writes orphans to the ledger where the spec says so.
 *
 * <p>At the newest moment the ledger follows: it says of each orphan when it was found, and when it
 * was found to be none any more. A check of an earlier moment only enters orphans that never were;
 * that they ended is not known there.
 */
public final class Relations {

  private final LakeCatalog catalog;
  private final String mirror;
  private final Moments.Age age;
  private final Consumer<String> committed;

  /**
   * @param age which moments are checked
   */
  public Relations(LakeCatalog catalog, String mirror, Moments.Age age) {
    this(catalog, mirror, age, table -> {});
  }

  /**
   * @param committed told of the ledger when something was entered there
   */
  public Relations(
      LakeCatalog catalog, String mirror, Moments.Age age, Consumer<String> committed) {
    this.catalog = catalog;
    this.mirror = mirror;
    this.age = age;
    this.committed = committed;
  }

  /** Checks one relationship; see {@link ReferenceCheck}. */
  public ReferenceReport check(
      LakeReference reference,
      Map<String, TableMoment> moments,
      Consumer<Orphan> orphans,
      LongConsumer progress)
      throws IOException {
    ReferenceCheck check = new ReferenceCheck(reference, moments, progress);
    return switch (reference.onOrphan()) {
      case REPORT -> check.run(orphans);
      case LEDGER -> {
        long epoch = moments.get(reference.table()).epoch();
        yield enter(reference, epoch, check, orphans);
      }
    };
  }

  private ReferenceReport enter(
      LakeReference reference, long epoch, ReferenceCheck check, Consumer<Orphan> orphans)
      throws IOException {
    try (OrphanHistory history = new OrphanHistory()) {
      ReferenceReport report = check.run(orphans.andThen(history::found));
      try (OrphanLedger ledger =
          new OrphanLedger(catalog, mirror, reference.table(), reference.toString(), epoch)) {
        history.enter(ledger, age);
        if (ledger.commit()) {
          committed.accept(OwnTable.LEDGER.tableName());
        }
      }
      return report;
    }
  }
}
