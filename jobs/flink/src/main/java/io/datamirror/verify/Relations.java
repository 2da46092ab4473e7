package io.datamirror.verify;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.OrphanLedger;
import io.datamirror.relate.LakeReference;
import io.datamirror.spec.OnOrphan;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Checks relationships of a mirror, and writes orphans to the ledger where the spec says so. */
public final class Relations {

  private final LakeCatalog catalog;
  private final String mirror;

  public Relations(LakeCatalog catalog, String mirror) {
    this.catalog = catalog;
    this.mirror = mirror;
  }

  /** Checks one relationship; see {@link ReferenceCheck}. */
  public ReferenceReport check(
      LakeReference reference,
      Map<String, TableMoment> moments,
      Consumer<Orphan> orphans,
      LongConsumer progress)
      throws IOException {
    TableMoment moment = moments.get(reference.table());
    ReferenceCheck check = new ReferenceCheck(reference, moments, progress);
    try (OrphanLedger ledger =
        new OrphanLedger(
            catalog,
            mirror,
            reference.table(),
            moment.epoch(),
            reference + ": there is no such row")) {
      ReferenceReport report =
          check.run(
              orphan -> {
                orphans.accept(orphan);
                if (reference.onOrphan() == OnOrphan.LEDGER) {
                  ledger.add(orphan.key(), orphan.reference());
                }
              });
      ledger.commit();
      return report;
    }
  }
}
