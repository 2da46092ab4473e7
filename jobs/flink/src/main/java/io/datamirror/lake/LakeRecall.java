package io.datamirror.lake;

import io.datamirror.lake.RecallTask.Kind;
import io.datamirror.plan.TablePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Gives back what a mirror must remember of its keys, from the lake alone: the rows of the tables
 * and the tombstones.
 */
public final class LakeRecall {

  /** Small enough to spread over readers, large enough not to have too many of them. */
  private static final long TASK_BYTES = 64L << 20;

  private static final int TASK_FILES = 200;

  private final LakeCatalog catalog;

  public LakeRecall(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /** Where a table stands and what is to be read of it. What is read is pinned by this call. */
  public RecallStart start(TablePlan plan) {
    Table table = catalog.load(plan.name());
    TableHistory history = TableHistory.of(table);
    List<byte[]> tasks = new ArrayList<>();
    if (history.snapshotId() >= 0) {
      addTasks(tasks, Kind.ROWS, table.newScan().useSnapshot(history.snapshotId()));
    }
    Table tombstones = catalog.load(OwnTable.TOMBSTONES.tableName());
    Snapshot known = consistentWith(tombstones, history.epoch());
    if (known != null) {
      TableScan scan = tombstones.newScan().useSnapshot(known.snapshotId());
      addTasks(
          tasks,
          Kind.TOMBSTONES,
          scan.filter(Expressions.equal(OwnTable.TABLE_COLUMN, plan.name())));
    }
    return new RecallStart(history.position(), history.watermarkMillis(), tasks);
  }

  /**
   * The tombstones are committed before the table. So those of an epoch that the table does not
   * have must not be seen: its changes will come again, and find the table as it was.
   */
  private static Snapshot consistentWith(Table tombstones, long epoch) {
    Snapshot oldest = null;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(tombstones)) {
      Map<String, String> summary = snapshot.summary();
      String found = summary.get(LakeKeys.EPOCH);
      if (summary.containsKey(LakeKeys.RECONCILED)
          || found != null && Long.parseLong(found) <= epoch) {
        return snapshot;
      }
      oldest = snapshot;
    }
    // What is older than all snapshots was reconciled by the start that came after it.
    return oldest == null || oldest.parentId() == null ? null : oldest;
  }

  private static void addTasks(List<byte[]> tasks, Kind kind, TableScan scan) {
    List<FileScanTask> files = new ArrayList<>();
    long bytes = 0;
    try (CloseableIterable<FileScanTask> planned = scan.planFiles()) {
      for (FileScanTask file : planned) {
        files.add(file);
        bytes += file.sizeBytes();
        if (bytes >= TASK_BYTES || files.size() == TASK_FILES) {
          tasks.add(new RecallTask(kind, files).toBytes());
          files = new ArrayList<>();
          bytes = 0;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!files.isEmpty()) {
      tasks.add(new RecallTask(kind, files).toBytes());
    }
  }

  /**
   * Opens a part that {@link #start} planned.
   *
   * @param skip how many of its records were read before: their order never changes
   */
  public RecallReader open(TablePlan plan, byte[] task, long skip) {
    RecallTask recalled = RecallTask.fromBytes(task);
    LakeTable table =
        switch (recalled.kind()) {
          case ROWS -> LakeTable.mirrored(catalog.load(plan.name()), plan.layout());
          case TOMBSTONES -> LakeTable.own(catalog.load(OwnTable.TOMBSTONES.tableName()));
        };
    return new RecallReader(plan, table, recalled, skip);
  }
}
