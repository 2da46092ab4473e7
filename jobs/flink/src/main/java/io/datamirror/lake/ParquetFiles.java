package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.FileWriterFactory;
import org.apache.iceberg.parquet.Parquet;

/**
 * Opens the Parquet files of one table, by the properties of the table: those of rows, and those of
 * removals, which take whole rows and keep their keys.
 */
final class ParquetFiles implements FileWriterFactory<RowData> {

  private final LakeTable lake;

  ParquetFiles(LakeTable lake) {
    this.lake = lake;
  }

  @Override
  public DataWriter<RowData> newDataWriter(
      EncryptedOutputFile file, PartitionSpec spec, StructLike partition) {
    try {
      return Parquet.writeData(file)
          .forTable(lake.table())
          .schema(lake.schema())
          .createWriterFunc((schema, type) -> new ParquetRowWriter(lake.schema(), schema, type))
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
          .rowSchema(lake.keySchema())
          .createWriterFunc((schema, type) -> new ParquetRowWriter(lake.schema(), schema, type))
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
