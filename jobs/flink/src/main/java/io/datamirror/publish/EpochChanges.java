package io.datamirror.publish;

import io.datamirror.publish.Emitter.Action;
import io.datamirror.publish.Lineage.Step;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The changes of a mirrored table, found in the files of its snapshots.
 *
 * <p>A batch writes each key at most once, and names the keys that were there before in its
 * equality deletes. So a row whose key is named is an update, another row is new, and a key that is
 * named and has no row is gone. Of a batch, the keys that it names are kept in memory.
 */
final class EpochChanges implements Changes {

  private final Table table;
  private final TableRows rows;

  EpochChanges(Table table) {
    this.table = table;
    this.rows = new TableRows(table);
  }

  @Override
  public void step(Step step, Snapshot before, Emitter emitter) {
    for (Snapshot snapshot : step.snapshots()) {
      if (step.ofMirror()) {
        batch(snapshot, emitter);
      } else if (!snapshot.operation().equals(DataOperations.REPLACE)) {
        Set<String> touched = new LinkedHashSet<>();
        touch(snapshot, before, touched);
        restate(touched, snapshot, emitter);
      }
    }
  }

  private void batch(Snapshot snapshot, Emitter emitter) {
    Set<String> named = new LinkedHashSet<>();
    for (DeleteFile file : snapshot.addedDeleteFiles(table.io())) {
      rows.deletedKeys(file, named::add);
    }
    for (DataFile file : snapshot.addedDataFiles(table.io())) {
      rows.rows(
          file,
          snapshot,
          (key, row) ->
              emitter.emit(named.remove(key) ? Action.UPDATE : Action.CREATE, key, row, snapshot));
    }
    named.forEach(key -> emitter.emit(Action.DELETE, key, null, snapshot));
  }

  @Override
  public void undone(Iterable<Snapshot> undone, Snapshot base, Snapshot now, Emitter emitter) {
    Set<String> touched = new LinkedHashSet<>();
    for (Snapshot snapshot : undone) {
      Snapshot before = snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId());
      touch(snapshot, before, touched);
    }
    if (base == null) {
      touched.forEach(key -> emitter.emit(Action.DELETE, key, null, now));
    } else {
      restate(touched, base, emitter);
    }
  }

  @Override
  public void whole(Snapshot snapshot, Emitter emitter) {
    rows.all(snapshot, (key, row) -> emitter.emit(Action.READ, key, row, snapshot));
  }

  /** The keys that a snapshot may have changed, whoever made it. */
  private void touch(Snapshot snapshot, Snapshot before, Set<String> touched) {
    for (DataFile file : snapshot.addedDataFiles(table.io())) {
      rows.keys(file, touched::add);
    }
    for (DataFile file : snapshot.removedDataFiles(table.io())) {
      rows.keys(file, touched::add);
    }
    for (DeleteFile file : snapshot.addedDeleteFiles(table.io())) {
      if (file.content() == FileContent.EQUALITY_DELETES) {
        rows.deletedKeys(file, touched::add);
      } else if (before != null) {
        // Places in files say no keys: it may be any of them.
        rows.all(before, (key, row) -> touched.add(key));
      } else if (snapshot.parentId() != null) {
        throw PublishGap.of(
            table.name(),
            "rows were removed by their places from a snapshot of it that has expired");
      }
    }
  }

  /** Says of each key what the table holds for it. */
  private void restate(Set<String> touched, Snapshot at, Emitter emitter) {
    if (touched.isEmpty()) {
      return;
    }
    Set<String> gone = new HashSet<>(touched);
    rows.all(
        at,
        (key, row) -> {
          if (gone.remove(key)) {
            emitter.emit(Action.READ, key, row, at);
          }
        });
    touched.stream()
        .filter(gone::contains)
        .forEach(key -> emitter.emit(Action.DELETE, key, null, at));
  }
}
