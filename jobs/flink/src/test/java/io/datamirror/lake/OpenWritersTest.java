package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.io.FileWriter;
import org.junit.jupiter.api.Test;

class OpenWritersTest {

  private static final RowType NUMBER = RowType.of(new BigIntType(false));
  private static final int PARTITIONS = 120;
  private static final int ROWS = 100 * PARTITIONS;

  /** What a row takes: more than its bytes in the arena, less than twice as much. */
  private static final int ROW_BYTES = 32;

  private int open;
  private int mostOpen;

  /** A file: the numbers of its rows. */
  private final class NumberFile implements FileWriter<RowData, List<Long>> {
    private final List<Long> numbers = new ArrayList<>();

    NumberFile() {
      mostOpen = Math.max(mostOpen, ++open);
    }

    @Override
    public void write(RowData row) {
      numbers.add(row.getLong(0));
    }

    @Override
    public long length() {
      return numbers.size();
    }

    @Override
    public List<Long> result() {
      return numbers;
    }

    @Override
    public void close() {
      open--;
    }
  }

  @Test
  void there_are_only_so_many_open_files() {
    assertThat(files(new WaitingRows(1 << 20))).hasSize(PARTITIONS);
    assertThat(mostOpen).isLessThanOrEqualTo(51);
    assertThat(open).isZero();
  }

  @Test
  void memory_that_is_full_is_written_partition_by_partition() {
    int waiting = PARTITIONS - 50;
    int rowsThatFit = 20 * waiting;
    List<List<Long>> files = files(new WaitingRows((long) rowsThatFit * ROW_BYTES));

    assertThat(files.size()).isBetween(50 + 2 * waiting, 50 + 5 * waiting + 1);
    assertThat(files.stream().flatMap(List::stream).sorted()).containsExactlyElementsOf(numbers());
  }

  @Test
  void a_table_that_fills_the_memory_lets_no_other_be_written_row_by_row() {
    WaitingRows rows = new WaitingRows((long) ROWS * ROW_BYTES);
    OpenWriters<List<Long>> large = new OpenWriters<>(any -> new NumberFile(), NUMBER, rows);
    OpenWriters<List<Long>> small = new OpenWriters<>(any -> new NumberFile(), NUMBER, rows);
    byte[][] partitions = partitions();
    for (int i = 0; i < 4 * ROWS; i++) {
      large.write(GenericRowData.of((long) i), partitions[i % PARTITIONS]);
      if (i > 3 * ROWS) {
        small.write(GenericRowData.of((long) i), partitions[i % PARTITIONS]);
      }
    }

    assertThat(small.drain()).hasSizeLessThanOrEqualTo(2 * PARTITIONS);
    assertThat(large.drain()).hasSizeLessThanOrEqualTo(5 * PARTITIONS);
  }

  @Test
  void of_a_row_that_waits_only_what_was_asked_for_is_kept_and_written() {
    OpenWriters<List<Long>> writers =
        new OpenWriters<>(
            any -> new NumberFile(),
            new OpenWriters.Waiting<>(
                any -> new NumberFile(), row -> GenericRowData.of(-row.getLong(0)), NUMBER),
            new WaitingRows(1 << 20));
    byte[][] partitions = partitions();
    for (long number = 1; number <= PARTITIONS; number++) {
      writers.write(GenericRowData.of(number), partitions[(int) number - 1]);
    }

    List<Long> expected =
        LongStream.rangeClosed(1, PARTITIONS)
            .mapToObj(number -> number <= 50 ? number : -number)
            .toList();
    assertThat(writers.drain().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void files_that_are_complete_are_closed_before_they_are_handed_over() {
    OpenWriters<List<Long>> writers =
        new OpenWriters<>(any -> new NumberFile(), NUMBER, new WaitingRows(1 << 20));
    byte[][] partitions = partitions();
    writers.write(GenericRowData.of(1L), partitions[0]);
    writers.write(GenericRowData.of(2L), partitions[1]);

    writers.complete();

    assertThat(open).isZero();
    assertThat(writers.untouched()).isFalse();
    writers.write(GenericRowData.of(3L), partitions[1]);
    assertThat(writers.drain()).containsExactly(List.of(1L), List.of(2L), List.of(3L));
    assertThat(writers.drain()).isEmpty();
  }

  /** What numbers in turn leave behind. */
  private List<List<Long>> files(WaitingRows rows) {
    OpenWriters<List<Long>> writers = new OpenWriters<>(any -> new NumberFile(), NUMBER, rows);
    byte[][] partitions = partitions();
    numbers()
        .forEach(
            number ->
                writers.write(GenericRowData.of(number), partitions[(int) (number % PARTITIONS)]));
    return writers.drain();
  }

  private static List<Long> numbers() {
    return LongStream.range(0, ROWS).boxed().toList();
  }

  private static byte[][] partitions() {
    byte[][] partitions = new byte[PARTITIONS][];
    for (int i = 0; i < PARTITIONS; i++) {
      partitions[i] = new byte[] {(byte) i};
    }
    return partitions;
  }
}
