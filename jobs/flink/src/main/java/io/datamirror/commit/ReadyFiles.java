package io.datamirror.commit;

import io.datamirror.lake.LedgerStamp;
import io.datamirror.lake.OwnTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;

/**
 * The files of a commit as they go into the table. Those of the ledger are written again first,
 * with the commit that they go with; every attempt of a process then commits the same ones.
 */
final class ReadyFiles {

  private final Committable committable;
  private final boolean ledger;
  private List<Batch> batches;

  ReadyFiles(Committable committable) {
    this.committable = committable;
    this.ledger = committable.table() == OwnTable.LEDGER.number();
  }

  List<Batch> batches(Table table) {
    if (batches == null) {
      batches = ledger ? List.of(stamped(table)) : committable.batches();
    }
    return batches;
  }

  private Batch stamped(Table table) {
    List<String> stamped =
        new LedgerStamp(table).stamp(unstamped(), committable.commitId(), committable.epoch());
    return new Batch(stamped, List.of());
  }

  /** The commit is known to be in the table: what it replaced is not needed any more. */
  void committed(Table table) {
    if (ledger) {
      new LedgerStamp(table).discard(unstamped());
    }
  }

  private List<String> unstamped() {
    List<String> files = new ArrayList<>();
    committable.batches().forEach(batch -> files.addAll(batch.dataFiles()));
    return files;
  }
}
