package io.datamirror.lake;

import java.util.function.Consumer;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations on a table that look before they believe that a commit failed.
 *
 * <p>A catalog may apply a commit and then say that it was refused, because the answer got lost and
 * the request was sent again. Iceberg takes a refusal at its word: it cleans up, and so deletes
 * what the table now consists of. Here a commit counts as done when its snapshot is found, and as
 * refused only when the table was seen without it.
 */
public final class LookingOperations implements TableOperations {

  private static final Logger LOG = LoggerFactory.getLogger(LookingOperations.class);

  private final TableOperations operations;
  private final Consumer<TableMetadata> guard;

  private LookingOperations(TableOperations operations, Consumer<TableMetadata> guard) {
    this.operations = operations;
    this.guard = guard;
  }

  /** Operations on a table as it was loaded. */
  public static LookingOperations of(Table table) {
    return new LookingOperations(((HasTableOperations) table).operations(), base -> {});
  }

  /**
   * The same for a start of the mirror: nothing is committed once a newer one has taken over.
   *
   * @param name what the table is called in an error
   */
  LookingOperations fenced(String name, long generation) {
    return guarded(
        base -> {
          long newest = Generations.generation(base.properties());
          if (newest > generation) {
            throw Fenced.of(name, newest, generation);
          }
        });
  }

  /**
   * The same, with a look at what each attempt of a commit builds on.
   *
   * @param guard throws what is not to be tried again
   */
  LookingOperations guarded(Consumer<TableMetadata> guard) {
    return new LookingOperations(operations, guard);
  }

  /** A transaction on the table. */
  public Transaction transaction(String name) {
    return Transactions.newTransaction(name, this);
  }

  /**
   * Has a transaction keep out every commit of rows that was begun before it.
   *
   * @param generation the start that takes over
   */
  void fence(Transaction transaction, long generation) {
    if (Fence.needed(operations)) {
      Fence.add(transaction, generation);
    }
  }

  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    guard.accept(base);
    try {
      operations.commit(base, metadata);
    } catch (RuntimeException e) {
      if (applied(base, metadata, e)) {
        LOG.info("A commit was applied although it failed with {}", LakeFailure.classes(e));
        return;
      }
      throw e;
    }
  }

  private boolean applied(TableMetadata base, TableMetadata metadata, RuntimeException failure) {
    Snapshot snapshot = metadata.currentSnapshot();
    if (snapshot == null || base.snapshot(snapshot.snapshotId()) != null) {
      return false;
    }
    try {
      return operations.refresh().snapshot(snapshot.snapshotId()) != null;
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      throw failure instanceof CommitFailedException
          ? new CommitStateUnknownException(failure)
          : failure;
    }
  }

  @Override
  public TableMetadata current() {
    return operations.current();
  }

  @Override
  public TableMetadata refresh() {
    return operations.refresh();
  }

  @Override
  public FileIO io() {
    return operations.io();
  }

  @Override
  public EncryptionManager encryption() {
    return operations.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return operations.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return operations.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommittedMetadata) {
    return operations.temp(uncommittedMetadata);
  }

  @Override
  public long newSnapshotId() {
    return operations.newSnapshotId();
  }

  @Override
  public boolean requireStrictCleanup() {
    return operations.requireStrictCleanup();
  }
}
