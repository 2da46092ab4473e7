package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows that the check reads, and those that Iceberg's own reader gives. */
class LakeRowsTest {

  private static final int CHANGES = 5_000;
  private static final int KEYS = 300;
  private static final int EPOCH = 250;
  private static final long SEED = 20251126;

  @TempDir private Path lake;

  @Test
  void files_from_the_newest_to_the_oldest_give_the_rows_of_icebergs_own_reader() throws Exception {
    Random random = new Random(SEED);
    BaselineTable baseline = new BaselineTable(Workload.W3, lake, EPOCH, 0);
    for (int version = 1; version <= CHANGES; version++) {
      long id = random.nextInt(KEYS);
      String operation = random.nextInt(10) == 0 ? "d" : "u";
      baseline.offer(id, version, operation, row(id, version));
    }
    baseline.flush();
    Table table = LakeTable.find(lake, "t").table();
    List<String> found = new ArrayList<>();
    LakeRows.read(table, row -> found.add(row.toString()));
    assertThat(found)
        .as("seed %d", SEED)
        .hasSizeGreaterThan(KEYS / 2)
        .containsExactlyInAnyOrderElementsOf(byIceberg(table));
  }

  private static List<String> byIceberg(Table table) throws IOException {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
      all.forEach(row -> rows.add(row.toString()));
    }
    return rows;
  }

  private static GenericRowData row(long id, long version) {
    GenericRowData row = new GenericRowData(Workload.W3.columns().size());
    row.setField(0, id);
    row.setField(1, version);
    row.setField(3, StringData.fromString("status " + version));
    return row;
  }
}
