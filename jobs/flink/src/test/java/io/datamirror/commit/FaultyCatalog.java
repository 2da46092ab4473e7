package io.datamirror.commit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/** A catalog that answers commits wrongly, as it is told, over one that does them rightly. */
final class FaultyCatalog implements Catalog, AutoCloseable {

  /** What goes wrong with one commit. */
  enum Fault {
    NONE,
    /** Refused, truly. */
    FAILED,
    /** Applied, and the answer is lost. */
    UNKNOWN_APPLIED,
    /** Applied, and an error without a meaning comes back. */
    BROKEN_APPLIED,
    /** Applied, asked again by a layer below, and so said to be refused. */
    REFUSED_APPLIED,
    /** Not applied, and nobody says so. */
    UNKNOWN_NOT_APPLIED,
    /** Not applied when the error comes back, but some time later. */
    APPLIED_LATE
  }

  private final Catalog catalog;
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private long lateMillis = 10;
  private int injected;

  FaultyCatalog(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The next commits go wrong like this, one each. */
  synchronized void next(Fault... next) {
    faults.addAll(List.of(next));
  }

  synchronized void lateMillis(long millis) {
    lateMillis = millis;
  }

  /** How many faults happened. */
  synchronized int injected() {
    return injected;
  }

  /** Waits for the commits that are late. */
  void settle() throws Exception {
    later.schedule(() -> {}, 200, TimeUnit.MILLISECONDS).get();
  }

  private synchronized Fault take() {
    Fault fault = faults.isEmpty() ? Fault.NONE : faults.pop();
    injected += fault == Fault.NONE ? 0 : 1;
    return fault;
  }

  private void applyLate(TableIdentifier table, TableMetadata metadata) {
    TableOperations fresh = ((BaseTable) catalog.loadTable(table)).operations();
    TableMetadata base = fresh.current();
    var unused =
        later.schedule(
            () -> {
              try {
                fresh.commit(base, metadata);
              } catch (CommitFailedException e) {
                // Somebody else was first: that is what compare and swap is for.
              }
            },
            lateMillis,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public Table loadTable(TableIdentifier identifier) {
    BaseTable table = (BaseTable) catalog.loadTable(identifier);
    return new BaseTable(new Operations(identifier, table.operations()), table.name());
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return catalog.listTables(namespace);
  }

  @Override
  public boolean dropTable(TableIdentifier identifier, boolean purge) {
    return catalog.dropTable(identifier, purge);
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    catalog.renameTable(from, to);
  }

  @Override
  public void close() {
    later.shutdownNow();
  }

  private final class Operations implements TableOperations {
    private final TableIdentifier table;
    private final TableOperations operations;

    Operations(TableIdentifier table, TableOperations operations) {
      this.table = table;
      this.operations = operations;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
      Fault fault = take();
      RuntimeException lost = new CommitStateUnknownException(new RuntimeException("injected"));
      switch (fault) {
        case NONE -> operations.commit(base, metadata);
        case FAILED -> throw new CommitFailedException("injected");
        case UNKNOWN_APPLIED -> {
          operations.commit(base, metadata);
          throw lost;
        }
        case BROKEN_APPLIED -> {
          operations.commit(base, metadata);
          throw new IllegalStateException("injected");
        }
        case REFUSED_APPLIED -> {
          operations.commit(base, metadata);
          throw new CommitFailedException("injected");
        }
        case UNKNOWN_NOT_APPLIED -> throw lost;
        case APPLIED_LATE -> {
          applyLate(table, metadata);
          throw lost;
        }
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
  }
}
