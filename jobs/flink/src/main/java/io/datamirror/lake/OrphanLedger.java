package io.datamirror.lake;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Writes orphans to the ledger, each once: an entry that stands there already is not written again.
 * The entries belong to no epoch's commit; they are appended beside those.
 *
 * <p>What stands there is kept as hashes for as long as a check takes: about a hundred bytes for
 * each orphan that was ever listed of the relationship.
 */
public final class OrphanLedger implements AutoCloseable {

  private static final String REASON = LedgerReason.ORPHAN.text();

  private final LakeCatalog catalog;
  private final String mirror;
  private final String tableName;
  private final long epoch;
  private final String error;
  private final Set<KeyId> known = new HashSet<>();
  private Table table;
  private LakeTable lake;
  private TableFiles files;

  /**
   * @param tableName the table that the orphans are rows of
   * @param epoch of the snapshot that they stand in
   * @param error what is wrong with each, in one sentence
   */
  public OrphanLedger(
      LakeCatalog catalog, String mirror, String tableName, long epoch, String error) {
    this.catalog = catalog;
    this.mirror = mirror;
    this.tableName = tableName;
    this.epoch = epoch;
    this.error = error;
  }

  /**
   * Adds an orphan.
   *
   * @param key its key as JSON
   * @param reference what it refers to, as JSON
   */
  public void add(String key, String reference) {
    if (files == null) {
      open();
    }
    if (known.add(identity(key, reference))) {
      LedgerEntry entry =
          new LedgerEntry(tableName, LedgerReason.ORPHAN, key, null, null, null, reference, error);
      GenericRowData row = OwnRows.ledger(mirror, entry);
      row.setField(lake.rowType().getFieldIndex(OwnTable.EPOCH_COLUMN), epoch);
      GenericRowData partition = new GenericRowData(lake.rowType().getFieldCount());
      partition.setField(
          lake.rowType().getFieldIndex(OwnTable.TABLE_COLUMN), StringData.fromString(tableName));
      files.insert(row, lake.partitions().of(partition));
    }
  }

  private KeyId identity(String key, String reference) {
    // Both are JSON, which has no line breaks.
    byte[] bytes = (key + "\n" + reference).getBytes(StandardCharsets.UTF_8);
    return KeyId.of(KeyId.tableNumber(tableName), bytes, bytes.length);
  }

  private void open() {
    table = catalog.load(OwnTable.LEDGER.tableName());
    lake = LakeTable.own(table);
    files = new TableFiles(lake, 0, 0);
    try (CloseableIterable<Record> entries =
        IcebergGenerics.read(table)
            .select("key", "row", "error")
            .where(
                Expressions.and(
                    Expressions.equal(OwnTable.TABLE_COLUMN, tableName),
                    Expressions.equal("reason", REASON),
                    Expressions.equal("error", error)))
            .build()) {
      for (Record entry : entries) {
        known.add(identity((String) entry.getField("key"), (String) entry.getField("row")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits what was added. */
  public void commit() {
    if (files == null || files.untouched()) {
      return;
    }
    AppendFiles append = table.newAppend().set(LakeKeys.MIRROR, mirror);
    files.drainDataFiles().forEach(append::appendFile);
    append.commit();
  }

  /** Lets go of what was added and not committed. */
  @Override
  public void close() {
    if (files != null) {
      files.abort();
    }
  }
}
