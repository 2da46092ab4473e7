package io.datamirror.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import io.datamirror.verify.Difference.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketComparisonTest {
  private static final int TABLE = 7;

  @TempDir private Path directory;
  private Buckets source;
  private Buckets lake;
  private Buckets moved;
  private long late;

  @BeforeEach
  void open() throws IOException {
    source = new Buckets(TABLE, Files.createDirectory(directory.resolve("source")));
    lake = new Buckets(TABLE, Files.createDirectory(directory.resolve("lake")));
    moved = new Buckets(TABLE, Files.createDirectory(directory.resolve("moved")));
  }

  @AfterEach
  void close() throws IOException {
    source.close();
    lake.close();
    moved.close();
  }

  @Test
  void sides_with_the_same_rows_in_another_order_are_equal() throws IOException {
    List<Entry> rows = new ArrayList<>();
    for (int key = 0; key < 5_000; key++) {
      rows.add(row(key, 1, key * 31L));
    }
    fill(source, rows);
    Collections.shuffle(rows, new Random(1));
    fill(lake, rows);

    assertThat(differences()).isEmpty();
  }

  @Test
  void the_greatest_rank_of_a_key_counts_whenever_it_came() throws IOException {
    fill(source, List.of(row(1, 3, 30), row(1, 1, 10), row(1, 2, 20)));
    fill(lake, List.of(row(1, 3, 30)));

    assertThat(differences()).isEmpty();
  }

  @Test
  void a_key_whose_last_change_is_a_delete_has_no_row() throws IOException {
    fill(source, List.of(row(1, 1, 10), delete(1, 2)));

    assertThat(differences()).isEmpty();
  }

  @Test
  void every_kind_of_difference_is_found_and_told_once() throws IOException {
    List<Entry> same = new ArrayList<>();
    for (int key = 100; key < 1_100; key++) {
      same.add(row(key, 1, key));
    }
    fill(source, same);
    fill(lake, same);
    fill(source, List.of(row(1, 1, 10), row(3, 1, 10), row(4, 1, 10)));
    fill(lake, List.of(row(2, 1, 10), row(3, 1, 11), row(4, 1, 10), row(4, 1, 10), row(4, 1, 9)));

    assertThat(differences())
        .containsExactlyInAnyOrder(
            new Difference("{\"id\":1}", Kind.MISSING),
            new Difference("{\"id\":2}", Kind.EXTRA),
            new Difference("{\"id\":3}", Kind.DIFFERENT),
            new Difference("{\"id\":4}", Kind.DUPLICATE));
  }

  @Test
  void contents_swapped_between_two_keys_are_found() throws IOException {
    fill(source, List.of(row(1, 1, 10), row(2, 1, 20)));
    fill(lake, List.of(row(1, 1, 20), row(2, 1, 10)));

    assertThat(differences()).hasSize(2).allMatch(found -> found.kind() == Kind.DIFFERENT);
  }

  @Test
  void keys_that_moved_on_are_left_out_on_both_sides() throws IOException {
    fill(source, List.of(row(1, 1, 10), row(2, 1, 10)));
    fill(lake, List.of(row(1, 1, 10), row(3, 1, 10)));
    fill(moved, List.of(row(2, 2, 20), delete(3, 2)));

    assertThat(differences()).isEmpty();
  }

  @Test
  void a_key_with_late_changes_may_show_any_state_that_its_source_had() throws IOException {
    fill(source, List.of(row(1, 1, 10), late(row(1, 2, 20))));
    fill(source, List.of(late(row(2, 1, 10))));
    fill(source, List.of(row(3, 1, 10), forgotten(delete(3, 2))));
    fill(source, List.of(row(4, 1, 10), late(row(4, 2, 20))));
    fill(source, List.of(row(5, 1, 10), row(5, 2, 20)));
    fill(source, List.of(row(6, 1, 10), late(row(6, 2, 20))));
    fill(lake, List.of(row(1, 1, 10), row(3, 1, 10), row(4, 1, 11), row(5, 1, 10)));
    fill(lake, List.of(row(6, 1, 10), row(6, 1, 10)));

    assertThat(differences())
        .containsExactlyInAnyOrder(
            new Difference("{\"id\":4}", Kind.DIFFERENT),
            new Difference("{\"id\":5}", Kind.DIFFERENT),
            new Difference("{\"id\":6}", Kind.DUPLICATE));
    assertThat(late).as("1, 2, 3, and the first row of 6").isEqualTo(4);
  }

  @Test
  void a_forgotten_delete_explains_a_row_too_many_and_nothing_else() throws IOException {
    for (int key = 1; key <= 3; key++) {
      fill(source, List.of(row(key, 1, 10), forgotten(delete(key, 2))));
    }
    fill(source, List.of(row(1, 3, 30), row(2, 3, 30)));
    fill(lake, List.of(row(2, 1, 10), row(3, 1, 10)));

    assertThat(differences())
        .containsExactlyInAnyOrder(
            new Difference("{\"id\":1}", Kind.MISSING),
            new Difference("{\"id\":2}", Kind.DIFFERENT));
    assertThat(late).as("3").isEqualTo(1);
  }

  @Test
  void no_file_is_left_behind() throws IOException {
    fill(source, List.of(row(1, 1, 10)));
    source.close();
    lake.close();
    moved.close();

    assertThat(directory).isEmptyDirectory();
  }

  private List<Difference> differences() throws IOException {
    source.seal();
    lake.seal();
    moved.seal();
    List<Difference> differences = new ArrayList<>();
    BucketComparison comparison = new BucketComparison(source, lake, moved);
    comparison.run(differences::add);
    late = comparison.late();
    return differences;
  }

  private static void fill(Buckets buckets, List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      buckets.add(entry);
    }
  }

  private static Entry row(int key, int version, long content) {
    return entry(key, version, true, content);
  }

  private static Entry late(Entry entry) {
    return with(entry, Timeliness.LATE);
  }

  private static Entry forgotten(Entry entry) {
    return with(entry, Timeliness.FORGOTTEN);
  }

  private static Entry with(Entry entry, Timeliness timeliness) {
    return new Entry(
        entry.key(), entry.rank(), entry.present(), entry.content(), entry.keyText(), timeliness);
  }

  private static Entry delete(int key, int version) {
    return entry(key, version, false, 0);
  }

  private static Entry entry(int key, int version, boolean present, long content) {
    byte[] rank = {(byte) version};
    return new Entry(
        new KeyId(TABLE, 4, key),
        rank,
        present,
        content,
        "{\"id\":" + key + "}",
        Timeliness.IN_TIME);
  }
}
