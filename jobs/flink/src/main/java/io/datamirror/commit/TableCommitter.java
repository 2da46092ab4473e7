package io.datamirror.commit;

import io.datamirror.commit.CommitGuard.AlreadyCommitted;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeFailure;
import io.datamirror.lake.LakeKeys;
import io.datamirror.resolve.Counts;
import java.util.List;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ContentFileParser;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.util.JsonUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits to one table, exactly once whatever the catalog answers.
 *
 * <p>Every failure means that the commit may have been applied: the table is loaded again and
 * searched for the commit id, and only if it is not there the same files are committed again. Files
 * are never deleted. Thread-safe.
 */
final class TableCommitter {

  private static final Logger LOG = LoggerFactory.getLogger(TableCommitter.class);

  private final LakeCatalog catalog;
  private final String mirror;
  private final long generation;
  private final Patience patience;

  /** How a commit came to be in its table. */
  enum Outcome {
    COMMITTED,
    /** An earlier attempt had committed it. */
    FOUND
  }

  TableCommitter(LakeCatalog catalog, String mirror, long generation, Patience patience) {
    this.catalog = catalog;
    this.mirror = mirror;
    this.generation = generation;
    this.patience = patience;
  }

  /**
   * Commits, or finds the commit.
   *
   * @throws MirrorException if the commit may not or could not be made
   * @throws InterruptedException if the thread was interrupted; the outcome may be unknown
   */
  Outcome commit(Committable committable) throws InterruptedException {
    long giveUpNanos = System.nanoTime() + patience.giveUpMillis() * 1_000_000;
    for (int failures = 0; ; ) {
      try {
        tryOnce(committable);
        return Outcome.COMMITTED;
      } catch (AlreadyCommitted e) {
        return Outcome.FOUND;
      } catch (RuntimeException e) {
        failures++;
        rethrowIfFinal(e);
        LOG.warn(
            "Commit of epoch {} to {} failed {} times, last with {}",
            committable.epoch(),
            committable.name(),
            failures,
            LakeFailure.classes(e));
        if (System.nanoTime() > giveUpNanos) {
          throw givenUp(committable, e);
        }
        Thread.sleep(patience.pauseMillis(failures));
      }
    }
  }

  /** Whether trying again cannot help, or the thread is to end. */
  private static void rethrowIfFinal(RuntimeException failure) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted during a commit");
    }
    if (failure instanceof MirrorException known
        && known.code() != ErrorCode.LAKE_UNREACHABLE
        && known.code() != ErrorCode.LAKE_READ_ONLY) {
      throw known;
    }
  }

  private static MirrorException givenUp(Committable committable, RuntimeException failure) {
    String name = committable.name();
    return MirrorException.causedBy(
        LakeFailure.of(failure, name),
        ErrorCode.COMMIT_FAILED,
        name,
        "epoch " + committable.epoch() + " could not be committed",
        "Check the catalog. The files are kept, and a restarted job commits them.");
  }

  private void tryOnce(Committable committable) {
    String name = committable.name();
    Table table = catalog.load(name);
    TableOperations operations = new LookingOperations(((HasTableOperations) table).operations());
    CommitGuard guard = new CommitGuard(mirror, generation, name, committable, operations);
    guard.check();
    Transaction transaction = Transactions.newTransaction(table.name(), operations);
    addBatches(table, transaction, committable, guard);
    setProperties(transaction.updateProperties(), committable);
    transaction.commitTransaction();
  }

  private void addBatches(
      Table table, Transaction transaction, Committable committable, CommitGuard guard) {
    List<Batch> batches = committable.batches();
    int last = Math.max(0, batches.size() - 1);
    for (int i = 0; i <= last; i++) {
      RowDelta delta = transaction.newRowDelta();
      if (i == 0) {
        // The later batches see this one's snapshot, which has the same commit id.
        delta.validateWith(guard);
      }
      if (!batches.isEmpty()) {
        addFiles(table, delta, batches.get(i));
      }
      delta.set(LakeKeys.MIRROR, mirror);
      delta.set(LakeKeys.GENERATION, String.valueOf(committable.generation()));
      delta.set(LakeKeys.COMMIT_ID, committable.commitId());
      delta.set(LakeKeys.EPOCH, String.valueOf(committable.epoch()));
      if (i == last) {
        label(delta, committable);
      }
      delta.commit();
    }
  }

  private static void addFiles(Table table, RowDelta delta, Batch batch) {
    batch.dataFiles().forEach(json -> delta.addRows((DataFile) file(table, json)));
    batch.deleteFiles().forEach(json -> delta.addDeletes((DeleteFile) file(table, json)));
  }

  private static ContentFile<?> file(Table table, String json) {
    return JsonUtil.parse(json, node -> ContentFileParser.fromJson(node, table.specs()));
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
      if (committable.watermarkMillis() != Long.MIN_VALUE) {
        delta.set(LakeKeys.WATERMARK, String.valueOf(committable.watermarkMillis()));
      }
    }
  }

  /** The properties tell the same when every snapshot of ours has expired. */
  private static void setProperties(UpdateProperties properties, Committable committable) {
    properties.set(LakeKeys.EPOCH, String.valueOf(committable.epoch()));
    properties.set(LakeKeys.COMMIT_ID, committable.commitId());
    if (committable.position() != null) {
      properties.set(LakeKeys.POSITION, committable.position());
      properties.set(LakeKeys.POSITION_EPOCH, String.valueOf(committable.epoch()));
    }
    properties.commit();
  }
}
