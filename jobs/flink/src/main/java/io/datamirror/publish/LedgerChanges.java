package io.datamirror.publish;

import io.datamirror.publish.Emitter.Action;
import io.datamirror.publish.Lineage.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The entries of the ledger. Entries have no key of their own: what names one is the file that it
 * was committed with and its place there. Files are added and removed whole.
 */
final class LedgerChanges implements Changes {

  private final Table ledger;
  private final TableRows rows;

  LedgerChanges(Table ledger) {
    this.ledger = ledger;
    this.rows = new TableRows(ledger);
  }

  @Override
  public void step(Step step, Snapshot before, Emitter emitter) {
    for (Snapshot snapshot : step.snapshots()) {
      if (!snapshot.operation().equals(DataOperations.REPLACE)) {
        snapshot.removedDataFiles(ledger.io()).forEach(file -> remove(file, snapshot, emitter));
        snapshot
            .addedDataFiles(ledger.io())
            .forEach(file -> add(file, Action.CREATE, snapshot, emitter));
      }
    }
  }

  @Override
  public void undone(Iterable<Snapshot> undone, Snapshot base, Snapshot now, Emitter emitter) {
    for (Snapshot snapshot : undone) {
      if (!snapshot.operation().equals(DataOperations.REPLACE)) {
        snapshot.addedDataFiles(ledger.io()).forEach(file -> remove(file, snapshot, emitter));
        snapshot
            .removedDataFiles(ledger.io())
            .forEach(file -> add(file, Action.READ, snapshot, emitter));
      }
    }
  }

  @Override
  public void whole(Snapshot snapshot, Emitter emitter) {
    try (CloseableIterable<FileScanTask> files =
        ledger.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      files.forEach(file -> add(file.file(), Action.READ, snapshot, emitter));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(DataFile file, Action action, Snapshot snapshot, Emitter emitter) {
    long[] place = {0};
    rows.rows(
        file, snapshot, (none, row) -> emitter.emit(action, key(file, place[0]++), row, snapshot));
  }

  private static void remove(DataFile file, Snapshot snapshot, Emitter emitter) {
    for (long place = 0; place < file.recordCount(); place++) {
      emitter.emit(Action.DELETE, key(file, place), null, snapshot);
    }
  }

  private static String key(DataFile file, long place) {
    String location = file.location();
    String name = location.substring(location.lastIndexOf('/') + 1);
    return "{\"file\":\"" + name + "\",\"entry\":" + place + "}";
  }
}
