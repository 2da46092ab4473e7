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
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Gives back what a mirror must remember of its keys, from the lake alone: the rows of the tables
 * and the tombstones.
 */
public final class LakeRecall {

  /**
   * Small enough to spread over readers, large enough not to have too many of them: each loads what
   * has been deleted since its files were written.
   */
  private static final long TASK_BYTES = 256L << 20;

  private static final int TASK_FILES = 1_000;

  private final LakeCatalog catalog;
  private final long taskBytes;
  private final int taskFiles;

  public LakeRecall(LakeCatalog catalog) {
    this(catalog, TASK_BYTES, TASK_FILES);
  }

  /**
   * @param taskBytes as many bytes of data files make a part
   * @param taskFiles as many data files make a part
   */
  LakeRecall(LakeCatalog catalog, long taskBytes, int taskFiles) {
    this.catalog = catalog;
    this.taskBytes = taskBytes;
    this.taskFiles = taskFiles;
  }

  /** Where a table stands and what is to be read of it. What is read is pinned by this call. */
  public RecallStart start(TablePlan plan) {
    Table table = catalog.load(plan.name());
    TableHistory history = TableHistory.of(table);
    List<byte[]> tasks = new ArrayList<>();
    if (history.snapshotId() >= 0) {
      addTasks(tasks, Kind.ROWS, table.newScan().useSnapshot(history.snapshotId()));
    }
    if (history.epoch() > 0) {
      addTombstones(tasks, plan.name(), history.epoch());
    }
    return new RecallStart(
        history.position(), SourceIdentity.of(table), history.watermarkMillis(), tasks);
  }

  /** Those of a table that holds no epoch are of another one of its name. */
  private void addTombstones(List<byte[]> tasks, String name, long epoch) {
    Table tombstones = catalog.load(OwnTable.TOMBSTONES.tableName());
    Snapshot known = consistentWith(tombstones, epoch);
    if (known != null) {
      TableScan scan = tombstones.newScan().useSnapshot(known.snapshotId());
      addTasks(tasks, Kind.TOMBSTONES, scan.filter(Expressions.equal(OwnTable.TABLE_COLUMN, name)));
    }
  }

  /**
   * The tombstones are committed before the table. So those of an epoch that the table does not
   * have must not be seen: its changes will come again, and find the table as it was.
   *
   * <p>What undoes tombstones of an epoch stands behind them, and does not count before the table
   * is there: it may have been further when they were undone.
   */
  private static Snapshot consistentWith(Table tombstones, long epoch) {
    Snapshot newest = null;
    Snapshot oldest = null;
    Snapshot reconciled = null;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(tombstones)) {
      Map<String, String> summary = snapshot.summary();
      newest = newest == null ? snapshot : newest;
      if (summary.containsKey(LakeKeys.EPOCH)) {
        if (Long.parseLong(summary.get(LakeKeys.EPOCH)) <= epoch) {
          return newest;
        }
        newest = null;
      }
      if (reconciled == null && summary.containsKey(LakeKeys.RECONCILED)) {
        reconciled = snapshot;
      }
      oldest = snapshot;
    }
    if (oldest == null || oldest.parentId() == null) {
      return null;
    }
    // What is older than all snapshots was reconciled by the start that came after it.
    return reconciled == null ? oldest : reconciled;
  }

  private void addTasks(List<byte[]> tasks, Kind kind, TableScan scan) {
    Parts parts = new Parts(kind, scan.table(), tasks);
    try {
      LiveRows.runs(scan).forEach(parts::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    parts.end();
  }

  /** Cuts runs of files into tasks of about one size. */
  private final class Parts {
    private final Kind kind;
    private final Table table;
    private final List<byte[]> tasks;
    private List<List<FileScanTask>> runs = new ArrayList<>();
    private int files;
    private long bytes;

    Parts(Kind kind, Table table, List<byte[]> tasks) {
      this.kind = kind;
      this.table = table;
      this.tasks = tasks;
    }

    void add(List<FileScanTask> run) {
      int from = 0;
      for (int i = 0; i < run.size(); i++) {
        files++;
        bytes += run.get(i).length();
        if (bytes >= taskBytes || files == taskFiles) {
          runs.add(run.subList(from, i + 1));
          from = i + 1;
          end();
        }
      }
      if (from < run.size()) {
        runs.add(run.subList(from, run.size()));
      }
    }

    void end() {
      if (!runs.isEmpty()) {
        tasks.add(new RecallTask(kind, runs).toBytes(table.specs()));
      }
      runs = new ArrayList<>();
      files = 0;
      bytes = 0;
    }
  }

  /**
   * Opens a part that {@link #start} planned.
   *
   * @param skip how many of its records were read before: their order never changes
   */
  public RecallReader open(TablePlan plan, byte[] task, long skip) {
    LakeTable table = table(plan, RecallTask.kindOf(task));
    return new RecallReader(plan, table, RecallTask.fromBytes(task, table.table()), skip);
  }

  private LakeTable table(TablePlan plan, Kind kind) {
    return switch (kind) {
      case ROWS -> LakeTable.mirrored(catalog.load(plan.name()), plan.layout());
      case TOMBSTONES -> LakeTable.own(catalog.load(OwnTable.TOMBSTONES.tableName()));
    };
  }
}
