package io.datamirror.bench;

import io.datamirror.lake.SnapshotRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopFileIO;

/** An Iceberg table that a contender left behind, read without its catalog. */
final class LakeTable {

  /** The column of those who mark deleted rows instead of removing them. */
  private static final String MARK = "op";

  private final Table table;
  private final boolean marked;

  private LakeTable(Table table) {
    this.table = table;
    this.marked = table.schema().findField(MARK) != null;
  }

  /** The table of this name somewhere under a directory. */
  static LakeTable find(Path lake, String name) throws IOException {
    try (Stream<Path> paths = Files.walk(lake)) {
      Path directory =
          paths
              .filter(path -> path.endsWith(Path.of(name, "metadata")))
              .findFirst()
              .orElseThrow(() -> new IOException("no table " + name + " under " + lake));
      return new LakeTable(load(directory));
    }
  }

  private static Table load(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Path newest =
          files
              .filter(file -> file.toString().endsWith(".metadata.json"))
              .max(Comparator.comparingInt(LakeTable::version))
              .orElseThrow(() -> new IOException("no metadata in " + directory));
      HadoopFileIO io = new HadoopFileIO(new Configuration());
      return new BaseTable(new StaticTableOperations(newest.toUri().toString(), io), "t");
    }
  }

  /** The number in v3.metadata.json and in 00003-….metadata.json. */
  private static int version(Path file) {
    return Integer.parseInt(file.getFileName().toString().replaceAll("^v?(\\d+).*", "$1"));
  }

  Table table() {
    return table;
  }

  Written written() {
    return Written.to(table);
  }

  /** Whether a row is marked as deleted. */
  boolean isDeleted(Record row) {
    return marked && row.getField(MARK).equals("d");
  }

  /** Of the rows that are not marked as deleted. */
  Digest digest(List<BenchColumn> columns) {
    Digest.Builder digest = new Digest.Builder(columns);
    String[] names = columns.stream().map(BenchColumn::name).toArray(String[]::new);
    try {
      SnapshotRows.read(
          table,
          row -> {
            if (!isDeleted(row)) {
              digest.add(i -> row.getField(names[i]));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest.build();
  }
}
