package io.datamirror.commit;

import io.datamirror.commit.CommitGuard.AlreadyCommitted;
import io.datamirror.lake.ContentFiles;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.LookingOperations;
import io.datamirror.lake.TableHistory;
import io.datamirror.resolve.Counts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;

/**
 * Commits to one table, exactly once whatever the catalog answers.
 *
 * <p>Every failure means that the commit may have been applied: the table is loaded again and
 * searched for the commit id, and only if it is not there the same files are committed again. Files
 * are never deleted. Thread-safe.
 */
final class TableCommitter implements Committer {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LakeCatalog catalog;
  private final String mirror;
  private final long generation;
  private final Retrying retrying;
  private final CommitObserver observer;
  private final Map<String, Long> committedEpochs = new ConcurrentHashMap<>();

  TableCommitter(LakeCatalog catalog, String mirror, long generation, Patience patience) {
    this(catalog, mirror, generation, patience, Map.of(), CommitObserver.NONE);
  }

  /**
   * @param committedEpochs by name, the greatest epoch that is known to be in a table: where there
   *     is less later, nothing is committed
   */
  TableCommitter(
      LakeCatalog catalog,
      String mirror,
      long generation,
      Patience patience,
      Map<String, Long> committedEpochs,
      CommitObserver observer) {
    this.catalog = catalog;
    this.mirror = mirror;
    this.generation = generation;
    this.retrying = new Retrying(patience, observer::retried);
    this.committedEpochs.putAll(committedEpochs);
    this.observer = observer;
  }

  @Override
  public Outcome commit(Committable committable) throws InterruptedException {
    ReadyFiles files = new ReadyFiles(committable);
    String task = "The commit of epoch " + committable.epoch();
    long startNanos = System.nanoTime();
    return retrying.call(committable.name(), task, () -> tryOnce(committable, files, startNanos));
  }

  private Outcome tryOnce(Committable committable, ReadyFiles files, long startNanos) {
    Table table = catalog.load(committable.name());
    Outcome outcome = tryOnce(table, committable, files);
    committedEpochs.merge(committable.name(), committable.epoch(), Math::max);
    files.committed(table);
    long durationMillis = (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
    observer.committed(committable, outcome, durationMillis, TableSize.of(table));
    return outcome;
  }

  private Outcome tryOnce(Table table, Committable committable, ReadyFiles files) {
    LookingOperations operations = LookingOperations.of(table);
    long before = committedEpochs.getOrDefault(committable.name(), 0L);
    CommitGuard guard = new CommitGuard(mirror, generation, committable, before, operations);
    try {
      guard.check();
      Transaction transaction = operations.transaction(committable.name());
      Committable kept = committable.withHorizon(TableHistory.of(table).horizonMillis());
      long rows = addBatches(table, transaction, kept, files.batches(table), guard);
      setProperties(transaction.updateProperties(), kept, rows);
      transaction.commitTransaction();
      return Outcome.COMMITTED;
    } catch (AlreadyCommitted e) {
      return Outcome.FOUND;
    }
  }

  /** How many rows the table has with them. */
  private long addBatches(
      Table table,
      Transaction transaction,
      Committable committable,
      List<Batch> batches,
      CommitGuard guard) {
    int last = Math.max(0, batches.size() - 1);
    long rows = TableHistory.rows(table);
    for (int i = 0; i <= last; i++) {
      RowDelta delta = transaction.newRowDelta();
      if (i == 0) {
        // The later batches see this one's snapshot, which has the same commit id.
        delta.validateWith(guard);
      }
      if (!batches.isEmpty()) {
        rows += addFiles(table, delta, batches.get(i));
      }
      delta.set(LakeKeys.MIRROR, mirror);
      delta.set(LakeKeys.GENERATION, String.valueOf(committable.generation()));
      delta.set(LakeKeys.COMMIT_ID, committable.commitId());
      delta.set(LakeKeys.EPOCH, String.valueOf(committable.epoch()));
      if (!committable.own()) {
        delta.set(LakeKeys.ROWS, String.valueOf(rows));
      }
      if (i == last) {
        label(delta, committable);
      }
      delta.commit();
    }
    return rows;
  }

  /** How many rows the table has more: every removal takes exactly one away. */
  private static long addFiles(Table table, RowDelta delta, Batch batch) {
    long rows = 0;
    for (String json : batch.dataFiles()) {
      DataFile file = ContentFiles.dataFile(table, json);
      delta.addRows(file);
      rows += file.recordCount();
    }
    for (String json : batch.deleteFiles()) {
      DeleteFile file = ContentFiles.deleteFile(table, json);
      delta.addDeletes(file);
      rows -= file.recordCount();
    }
    return rows;
  }

  private static void label(RowDelta delta, Committable committable) {
    Counts counts = committable.counts();
    if (!committable.own()) {
      delta.set(LakeKeys.UPSERTS, String.valueOf(counts.upserts()));
      delta.set(LakeKeys.DELETES, String.valueOf(counts.deletes()));
      delta.set(LakeKeys.SUPERSEDED, String.valueOf(counts.superseded()));
      delta.set(LakeKeys.NO_OP, String.valueOf(counts.noOps()));
      delta.set(LakeKeys.LATE, String.valueOf(counts.late()));
      delta.set(LakeKeys.REJECTED, String.valueOf(counts.rejected()));
      delta.set(LakeKeys.CONFLICTS, String.valueOf(counts.conflicts()));
    }
    if (committable.position() != null) {
      delta.set(LakeKeys.POSITION, committable.position());
    }
    if (committable.watermarkMillis() != Long.MIN_VALUE) {
      delta.set(LakeKeys.WATERMARK, String.valueOf(committable.watermarkMillis()));
    }
    if (committable.horizonMillis() != Long.MIN_VALUE) {
      delta.set(LakeKeys.HORIZON, String.valueOf(committable.horizonMillis()));
    }
  }

  /** The properties tell the same when every snapshot of ours has expired. */
  private static void setProperties(
      UpdateProperties properties, Committable committable, long rows) {
    if (!committable.own()) {
      properties.set(LakeKeys.ROWS, String.valueOf(rows));
    }
    properties.set(LakeKeys.EPOCH, String.valueOf(committable.epoch()));
    properties.set(LakeKeys.COMMIT_ID, committable.commitId());
    properties.set(LakeKeys.COMMITTED_GENERATION, String.valueOf(committable.generation()));
    if (committable.watermarkMillis() != Long.MIN_VALUE) {
      properties.set(LakeKeys.WATERMARK, String.valueOf(committable.watermarkMillis()));
    }
    if (committable.horizonMillis() != Long.MIN_VALUE) {
      properties.set(LakeKeys.HORIZON, String.valueOf(committable.horizonMillis()));
    }
    if (committable.position() != null) {
      properties.set(LakeKeys.POSITION, committable.position());
      properties.set(LakeKeys.POSITION_EPOCH, String.valueOf(committable.epoch()));
    }
    properties.commit();
  }
}
