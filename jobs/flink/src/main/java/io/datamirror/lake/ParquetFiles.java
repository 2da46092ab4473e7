package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.FileWriterFactory;
import org.apache.iceberg.parquet.Parquet;

/** Opens the Parquet files of one table, by the properties of the table. */
final class ParquetFiles implements FileWriterFactory<RowData> {

  private final LakeTable lake;
  private final Schema rows;
  private final DictionaryLimit dataLimit;
  private final DictionaryLimit deletesLimit;

  /**
   * @param rows the columns of the rows that the files take: those of the table, or for files of
   *     removals also those of its key alone
   * @param dataLimit asked for each data file
   * @param deletesLimit asked for each file of removals
   */
  ParquetFiles(
      LakeTable lake, Schema rows, DictionaryLimit dataLimit, DictionaryLimit deletesLimit) {
    this.lake = lake;
    this.rows = rows;
    this.dataLimit = dataLimit;
    this.deletesLimit = deletesLimit;
  }

  @Override
  public DataWriter<RowData> newDataWriter(
      EncryptedOutputFile file, PartitionSpec spec, StructLike partition) {
    try {
      return Parquet.writeData(file)
          .forTable(lake.table())
          .setAll(dataLimit.properties())
          .schema(lake.schema())
          .createWriterFunc((schema, type) -> new ParquetRowWriter(rows, schema, type))
          .withSpec(spec)
          .withPartition(partition)
          .withKeyMetadata(file.keyMetadata())
          .overwrite()
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public EqualityDeleteWriter<RowData> newEqualityDeleteWriter(
      EncryptedOutputFile file, PartitionSpec spec, StructLike partition) {
    try {
      return Parquet.writeDeletes(file)
          .forTable(lake.table())
          .setAll(deletesLimit.properties())
          .rowSchema(lake.keySchema())
          .createWriterFunc((schema, type) -> new ParquetRowWriter(rows, schema, type))
          .equalityFieldIds(lake.keyFieldIds())
          .withSpec(spec)
          .withPartition(partition)
          .withKeyMetadata(file.keyMetadata())
          .overwrite()
          .buildEqualityWriter();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws UnsupportedOperationException always: a mirror removes rows by their keys
   */
  @Override
  public PositionDeleteWriter<RowData> newPositionDeleteWriter(
      EncryptedOutputFile file, PartitionSpec spec, StructLike partition) {
    throw new UnsupportedOperationException("a mirror removes rows by their keys");
  }
}
