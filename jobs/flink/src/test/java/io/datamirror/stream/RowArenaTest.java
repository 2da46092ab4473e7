package io.datamirror.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.writer.BinaryRowWriter;
import org.junit.jupiter.api.Test;

class RowArenaTest {

  private static final int MEBIBYTE = 1 << 20;

  private final RowArena arena = new RowArena();

  private static BinaryRowData row(int arity, String text) {
    BinaryRowData row = new BinaryRowData(arity);
    BinaryRowWriter writer = new BinaryRowWriter(row);
    for (int i = 0; i < arity; i++) {
      writer.writeString(i, StringData.fromString(i + text));
    }
    writer.complete();
    return row;
  }

  @Test
  void gives_back_every_row_whatever_is_put_in_the_place_of_others() {
    Random random = new Random(7);
    for (int round = 0; round < 3; round++) {
      List<Long> places = new ArrayList<>();
      List<BinaryRowData> rows = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        BinaryRowData row = row(1 + random.nextInt(3), "x".repeat(random.nextInt(200)));
        int at = random.nextInt(rows.size() + 1);
        if (at == rows.size() || random.nextBoolean()) {
          places.add(arena.add(row));
          rows.add(row);
        } else {
          places.set(at, arena.replace(places.get(at), row));
          rows.set(at, row);
        }
      }
      for (int i = 0; i < rows.size(); i++) {
        assertThat(arena.row(places.get(i))).isEqualTo(rows.get(i));
      }
      arena.clear();
      assertThat(arena.bytes()).isZero();
    }
  }

  @Test
  void a_row_takes_the_bytes_that_were_foretold() {
    for (int length = 0; length < 40; length++) {
      BinaryRowData row = row(3, "x".repeat(length));
      long before = arena.bytes();
      arena.add(row);
      assertThat(arena.bytes() - before).isEqualTo(arena.bytes(row));
    }
  }

  @Test
  void rows_that_are_expected_stay_as_they_are() {
    long[] places = new long[100];
    for (int i = 0; i < places.length; i++) {
      places[i] = arena.add(row(2, "x".repeat(1_000 * i)));
    }
    arena.expect(places, places.length);
    for (int i = 0; i < places.length; i++) {
      assertThat(arena.row(places[i])).isEqualTo(row(2, "x".repeat(1_000 * i)));
    }
  }

  @Test
  void a_row_larger_than_a_page_stands_between_others() {
    long before = arena.add(row(1, "before"));
    long large = arena.add(row(1, "l".repeat(3 * MEBIBYTE)));
    long after = arena.add(row(1, "after"));
    assertThat(arena.row(before)).isEqualTo(row(1, "before"));
    assertThat(arena.row(large)).isEqualTo(row(1, "l".repeat(3 * MEBIBYTE)));
    assertThat(arena.row(after)).isEqualTo(row(1, "after"));
    arena.clear();
    assertThat(arena.row(arena.add(row(2, "again")))).isEqualTo(row(2, "again"));
  }

  @Test
  void a_row_that_shrinks_or_grows_back_keeps_its_place() {
    long place = arena.add(row(1, "y".repeat(100)));
    long bytes = arena.bytes();
    assertThat(arena.replace(place, row(1, ""))).isEqualTo(place);
    assertThat(arena.replace(place, row(1, "z".repeat(100)))).isEqualTo(place);
    assertThat(arena.bytes()).isEqualTo(bytes);
  }
}
