package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.data.FlinkParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes ledger entries again with the commit and the epoch that they go with, which nobody knew
 * when they were written first. A file that comes out holds entries of one epoch and one table.
 */
public final class LedgerStamp {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerStamp.class);

  private final Table ledger;
  private final LakeTable lake;
  private final RowData.FieldGetter[] getters;
  private final int commitAt;
  private final int epochAt;

  /**
   * @param ledger the ledger as it was loaded
   */
  public LedgerStamp(Table ledger) {
    this.ledger = ledger;
    this.lake = LakeTable.own(ledger);
    int columns = lake.rowType().getFieldCount();
    this.getters = new RowData.FieldGetter[columns];
    for (int i = 0; i < columns; i++) {
      getters[i] = RowData.createFieldGetter(lake.rowType().getTypeAt(i), i);
    }
    this.commitAt = lake.rowType().getFieldIndex(OwnTable.COMMIT_COLUMN);
    this.epochAt = lake.rowType().getFieldIndex(OwnTable.EPOCH_COLUMN);
  }

  /**
   * Writes new files with what is in {@code files} and the stamp.
   *
   * @param files as JSON, as is what comes back
   */
  public List<String> stamp(List<String> files, String commitId, long epoch) {
    TableFiles stamped = new TableFiles(lake, 0, 0);
    try {
      for (String json : files) {
        stamp(ContentFiles.dataFile(ledger, json), StringData.fromString(commitId), epoch, stamped);
      }
      return ContentFiles.toJson(ledger, stamped.drainDataFiles());
    } catch (IOException e) {
      stamped.abort();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      stamped.abort();
      throw e;
    }
  }

  private void stamp(DataFile file, StringData commitId, long epoch, TableFiles stamped)
      throws IOException {
    byte[] partition = lake.partitions().encode(file.partition());
    try (CloseableIterable<RowData> rows = read(file)) {
      for (RowData row : rows) {
        GenericRowData copy = new GenericRowData(getters.length);
        for (int i = 0; i < getters.length; i++) {
          copy.setField(i, getters[i].getFieldOrNull(row));
        }
        copy.setField(commitAt, commitId);
        copy.setField(epochAt, epoch);
        stamped.insert(copy, partition);
      }
    }
  }

  private CloseableIterable<RowData> read(DataFile file) {
    return Parquet.read(ledger.io().newInputFile(file.location()))
        .project(lake.schema())
        .createReaderFunc(type -> FlinkParquetReaders.buildReader(lake.schema(), type))
        .build();
  }

  /** Deletes files that {@link #stamp} replaced; no table ever held them. */
  public void discard(List<String> files) {
    for (String json : files) {
      try {
        ledger.io().deleteFile(ContentFiles.dataFile(ledger, json).location());
      } catch (RuntimeException e) {
        LOG.info("A file of the ledger that nobody needs stays behind: {}", LakeFailure.classes(e));
      }
    }
  }
}
