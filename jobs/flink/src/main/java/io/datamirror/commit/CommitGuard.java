package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.ContentFiles;
import io.datamirror.lake.Fenced;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.PartitionChange;
import io.datamirror.lake.TableHistory;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Decides, against the newest state of a table, whether a commit may go ahead. Iceberg asks again
 * at every attempt.
 *
 * <p>It always answers by an exception of its own: after Iceberg's own, or a plain "no", Iceberg
 * cleans up, and if the commit had been applied before, that would delete the table's live
 * metadata.
 */
final class CommitGuard implements SnapshotAncestryValidator {

  private final String mirror;
  private final long generation;
  private final String name;
  private final Committable committable;
  private final long committedEpoch;
  private final TableOperations operations;

  /** The commit is in the table. */
  static final class AlreadyCommitted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AlreadyCommitted() {
      super("already committed", null, false, false);
    }
  }

  /**
   * @param committedEpoch the epoch that is known to have been in the table; 0 for none
   */
  CommitGuard(
      String mirror,
      long generation,
      Committable committable,
      long committedEpoch,
      TableOperations operations) {
    this.mirror = mirror;
    this.generation = generation;
    this.name = committable.name();
    this.committable = committable;
    this.committedEpoch = committedEpoch;
    this.operations = operations;
  }

  /** Looks at the table as it was loaded last. */
  void check() {
    TableMetadata table = operations.current();
    Snapshot current = table.currentSnapshot();
    validate(
        current == null
            ? List.of()
            : SnapshotUtil.ancestorsOf(current.snapshotId(), table::snapshot));
  }

  @Override
  public boolean validate(Iterable<Snapshot> ancestors) {
    Map<String, String> properties = operations.current().properties();
    if (committable.commitId().equals(properties.get(LakeKeys.COMMIT_ID))) {
      throw new AlreadyCommitted();
    }
    for (Snapshot snapshot : ancestors) {
      if (committable.commitId().equals(snapshot.summary().get(LakeKeys.COMMIT_ID))) {
        throw new AlreadyCommitted();
      }
    }
    refuseForeign(properties);
    refuseFenced(properties);
    BaseTable table = new BaseTable(operations, name);
    refuseOutOfOrder(TableHistory.of(table).epoch());
    refuseOtherPartitions(table);
    return true;
  }

  private void refuseOtherPartitions(BaseTable table) {
    // Writers refuse to begin in any spec but one: the first file tells for all.
    Stream.concat(files(Batch::dataFiles), files(Batch::deleteFiles))
        .findFirst()
        .ifPresent(file -> PartitionChange.refuse(table, name, ContentFiles.specId(file)));
  }

  private Stream<String> files(Function<Batch, List<String>> kind) {
    return committable.batches().stream().map(kind).flatMap(List::stream);
  }

  private void refuseForeign(Map<String, String> properties) {
    String owner = properties.get(LakeKeys.MIRROR);
    if (!mirror.equals(owner)) {
      throw new MirrorException(
          owner == null ? ErrorCode.TABLE_NOT_OURS : ErrorCode.TABLE_OWNED_BY_ANOTHER,
          name,
          "this table belongs to " + (owner == null ? "no mirror" : "the mirror " + owner),
          "Find out who replaced the table while the mirror was running.");
    }
  }

  private void refuseFenced(Map<String, String> properties) {
    long newest = number(properties, LakeKeys.GENERATION);
    if (newest > generation) {
      throw Fenced.of(name, newest, generation);
    }
  }

  private void refuseOutOfOrder(long newestEpoch) {
    if (newestEpoch >= committable.epoch()) {
      throw LakeAhead.of(name, newestEpoch, committable.epoch() - 1);
    }
    if (newestEpoch < committedEpoch) {
      throw LakeBehind.of(name, newestEpoch, committedEpoch);
    }
  }

  private static long number(Map<String, String> facts, String key) {
    return Long.parseLong(facts.getOrDefault(key, "0"));
  }
}
