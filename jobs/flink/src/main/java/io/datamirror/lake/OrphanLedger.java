package io.datamirror.lake;

import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import java.io.IOException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What the ledger says of the orphans of one relationship: reads it, and adds to it. The entries
 * belong to no epoch's commit; they are appended beside those.
 */
public final class OrphanLedger implements AutoCloseable {

  private static final String ROW_COLUMN = "row";
  private static final String ERROR_COLUMN = "error";

  private final String mirror;
  private final String tableName;
  private final String relationship;
  private final long epoch;
  private final Table table;
  private final LakeTable lake;
  private final TableFiles files;

  /** Hears of each entry, in no order. */
  public interface Reader {
    /**
     * @param key the key of a row as JSON
     * @param reference what it refers to, as JSON
     * @param reason {@link LedgerReason#ORPHAN} or {@link LedgerReason#ORPHAN_ENDED}
     */
    void entry(String key, String reference, LedgerReason reason) throws IOException;
  }

  /**
   * @param tableName the table that the orphans are rows of
   * @param relationship its name for people
   * @param epoch of the snapshot of the table that is looked at
   */
  public OrphanLedger(
      LakeCatalog catalog, String mirror, String tableName, String relationship, long epoch) {
    this.mirror = mirror;
    this.tableName = tableName;
    this.relationship = relationship;
    this.epoch = epoch;
    this.table = catalog.load(OwnTable.LEDGER.tableName());
    this.lake = LakeTable.own(table);
    this.files = new TableFiles(lake, 0, 0);
  }

  /** Reads all entries of the relationship that are committed. */
  public void read(Reader reader) throws IOException {
    read(LedgerReason.ORPHAN, reader);
    read(LedgerReason.ORPHAN_ENDED, reader);
  }

  private void read(LedgerReason reason, Reader reader) throws IOException {
    Expression wanted =
        Expressions.and(
            Expressions.equal(OwnTable.TABLE_COLUMN, tableName),
            Expressions.equal(OwnTable.REASON_COLUMN, reason.text()),
            Expressions.equal(ERROR_COLUMN, sentence(reason)));
    try (CloseableIterable<Record> entries =
        IcebergGenerics.read(table)
            .select(OwnTable.KEY_COLUMN, ROW_COLUMN, ERROR_COLUMN)
            .where(wanted)
            .build()) {
      for (Record entry : entries) {
        reader.entry(
            (String) entry.getField(OwnTable.KEY_COLUMN),
            (String) entry.getField(ROW_COLUMN),
            reason);
      }
    }
  }

  /** Adds an entry; see {@link Reader#entry} for what it says. */
  public void add(String key, String reference, LedgerReason reason) {
    LedgerEntry entry =
        new LedgerEntry(tableName, reason, key, null, null, null, reference, sentence(reason));
    GenericRowData row = OwnRows.ledger(mirror, entry);
    row.setField(lake.rowType().getFieldIndex(OwnTable.EPOCH_COLUMN), epoch);
    GenericRowData partition = new GenericRowData(lake.rowType().getFieldCount());
    partition.setField(
        lake.rowType().getFieldIndex(OwnTable.TABLE_COLUMN), StringData.fromString(tableName));
    files.insert(row, lake.partitions().of(partition));
  }

  /** Tells the entries of a relationship from those of others, so it must not change. */
  private String sentence(LedgerReason reason) {
    return relationship
        + (reason == LedgerReason.ORPHAN
            ? ": there is no such row"
            : ": there is such a row now, or nothing refers to it any more");
  }

  /**
   * Commits what was added.
   *
   * @return whether there was anything
   */
  public boolean commit() {
    if (files.untouched()) {
      return false;
    }
    Transaction transaction = LookingOperations.of(table).transaction(table.name());
    AppendFiles append = transaction.newAppend().set(LakeKeys.MIRROR, mirror);
    files.drainDataFiles().forEach(append::appendFile);
    append.commit();
    transaction.commitTransaction();
    return true;
  }

  /** Lets go of what was added and not committed. */
  @Override
  public void close() {
    files.abort();
  }
}
