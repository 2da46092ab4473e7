package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.commit.Committing;
import io.datamirror.commit.Part;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.Transform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that come in any order of many partitions, as those of a backfill do, or of odd ones. */
class ManyPartitionsTest {

  private static final int PARTITIONS = 500;
  private static final int ROWS = 3 * PARTITIONS;

  /** More than have an open file. */
  private static final int UPDATED_PARTITIONS = 60;

  /** What a directory's name has room for behind {@code place=}. */
  private static final int LONGEST_PLACE = 249;

  private static final TablePlan BY_PLACE =
      TestMirror.table("t", new PartitionField(Transform.IDENTITY, 0, "PLACE"));

  @TempDir Path directory;

  private LakeCatalog catalog;
  private MirrorPlan plan;
  private MirrorWrites writes;

  @BeforeEach
  void openTheLake() {
    LakeSpec lake = TestMirror.lake(directory);
    catalog = TestMirror.catalog(directory);
    Generations.Start start =
        Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(BY_PLACE), Takeover.From.LAKE);
    plan = TestMirror.plan(lake, start.generation(), List.of(BY_PLACE));
    writes = new MirrorWrites(plan, LakeCatalog.open(lake, SecretSource.ofProcess()), 0, 0);
  }

  @AfterEach
  void closeTheLake() {
    writes.close();
    catalog.close();
  }

  @Test
  void every_partition_has_one_file_of_rows_and_one_of_removals() throws Exception {
    for (int id = 0; id < ROWS; id++) {
      insert(row(id, 1));
    }
    Part inserts = drain(1);
    for (int id = 0; id < ROWS; id++) {
      if (!updated(id)) {
        continue;
      }
      BinaryRowData row = row(id, 2);
      writes.remove(BY_PLACE.number(), row, writes.partition(BY_PLACE.number(), row));
      insert(row);
    }
    Part updates = drain(2);

    assertThat(inserts.dataFiles()).hasSize(PARTITIONS);
    assertThat(updates.dataFiles()).hasSize(UPDATED_PARTITIONS);
    assertThat(updates.deleteFiles()).hasSize(UPDATED_PARTITIONS);
    TreeMap<Long, String> expected = new TreeMap<>();
    for (long id = 0; id < ROWS; id++) {
      expected.put(id, (updated(id) ? 2 : 1) + ":text " + id);
    }
    assertThat(LakeRows.texts(catalog.load("t"))).isEqualTo(expected);
  }

  @Test
  void rows_that_wait_when_a_writer_gives_up_leave_no_file_behind() throws Exception {
    for (int id = 0; id < ROWS; id++) {
      insert(row(id, 1));
    }
    writes.close();

    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet"))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"300, 306", "40000, 40000"})
  void a_value_that_is_too_long_for_a_partition_ends_the_job_by_name(int length, int written) {
    BinaryRowData row = row(1, 1, "x".repeat(length));

    assertThatThrownBy(() -> insert(row))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "MIRROR-3041 t: a value of its partition place is written in "
                + written
                + " bytes, more than the storage takes in a name. Lay it out by truncate(n, column)"
                + " or bucket(n, column), under another name: a table keeps its partitions for"
                + " life.");
  }

  @Test
  void a_value_that_just_fits_into_a_name_is_written() throws Exception {
    insert(row(1, 1, "x".repeat(LONGEST_PLACE)));

    assertThat(drain(1).dataFiles()).hasSize(1);
    assertThat(LakeRows.texts(catalog.load("t"))).hasSize(1);
  }

  @Test
  void an_object_store_takes_long_values_but_no_long_keys() {
    String bucket = "s3://bucket/" + "w".repeat(80);
    PartitionNames.require("t", bucket, "place=" + "x".repeat(800));
    assertThatThrownBy(() -> PartitionNames.require("t", bucket, "place=" + "x".repeat(900)))
        .cause()
        .hasMessageStartingWith("MIRROR-3041 t: ");
  }

  private static boolean updated(long id) {
    return id % PARTITIONS < UPDATED_PARTITIONS;
  }

  private void insert(BinaryRowData row) {
    writes.insert(BY_PLACE.number(), row, writes.partition(BY_PLACE.number(), row));
  }

  private Part drain(long epoch) throws InterruptedException {
    List<Part> parts = writes.drain(Map.of(), number -> Long.MIN_VALUE);
    Committing.commit(catalog, plan, epoch, parts);
    return parts.get(0);
  }

  private static BinaryRowData row(long id, long version) {
    return row(id, version, "place " + id % PARTITIONS);
  }

  private static BinaryRowData row(long id, long version, String place) {
    RowBuffer buffer = new RowBuffer(BY_PLACE.layout().storedColumns());
    buffer.reset();
    buffer.writeLong(0, id);
    buffer.writeLong(1, version);
    write(buffer, 2, place);
    write(buffer, 3, "text " + id);
    return buffer.take();
  }

  private static void write(RowBuffer buffer, int column, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    buffer.writeBytes(column, bytes, 0, bytes.length);
  }
}
