package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.KeyId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class MemoryPagesTest {

  private static final HexFormat HEX = HexFormat.of();

  enum Deed {
    REMEMBER,
    FORGET,
    SNAPSHOT,
    RESTORE
  }

  record Step(Deed deed, int key, int rankBytes, int partitionBytes) {
    /** Every part of the memory depends on the number of the step. */
    Memory memory(int number) {
      byte[] rank = filled(rankBytes, number);
      long timeMillis = number % 3 == 0 ? Long.MIN_VALUE : number;
      return number % 5 == 0
          ? Memory.tombstone(rank, timeMillis)
          : Memory.present(rank, filled(partitionBytes, number + 1), timeMillis);
    }
  }

  /** A table, what a map would hold, and all that its snapshots got so far. */
  private static final class Life {
    MemoryPages table = new MemoryPages();
    Map<KeyId, Memory> map = new HashMap<>();
    Map<KeyId, Memory> mapOfSnapshot = Map.of();
    final Map<Integer, MemoryPage> snapshot = new HashMap<>();
    final Map<MemoryPage, byte[]> handedOut = new HashMap<>();

    void live(Step step, int number) throws IOException {
      KeyId key = key(step.key);
      table.expect(key);
      assertThat(table.recall(key)).isEqualTo(map.get(key));
      switch (step.deed) {
        case REMEMBER -> {
          table.remember(key, step.memory(number));
          map.put(key, step.memory(number));
        }
        case FORGET -> {
          table.forget(key);
          map.remove(key);
        }
        case SNAPSHOT -> takeSnapshot();
        case RESTORE -> {
          table = MemoryPages.of(written(snapshot));
          map = new HashMap<>(mapOfSnapshot);
        }
      }
      assertThat(table.size()).isEqualTo(map.size());
    }

    void takeSnapshot() throws IOException {
      PageChanges changes = table.drain();
      changes.written().values().forEach(page -> handedOut.put(page, page.toBytes()));
      snapshot.putAll(changes.written());
      changes.gone().forEach(page -> assertThat(snapshot.remove(page)).isNotNull());
      mapOfSnapshot = new HashMap<>(map);
      assertThat(all(MemoryPages.of(written(snapshot)))).isEqualTo(map);
    }

    void end() {
      assertThat(all(table)).isEqualTo(map);
      map.forEach((key, memory) -> assertThat(table.recall(key)).isEqualTo(memory));
      handedOut.forEach(
          (page, bytes) -> assertThat(page.toBytes()).as("a frozen page").isEqualTo(bytes));
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Deed> deeds =
        Arbitraries.of(
            Deed.REMEMBER,
            Deed.REMEMBER,
            Deed.REMEMBER,
            Deed.REMEMBER,
            Deed.FORGET,
            Deed.FORGET,
            Deed.SNAPSHOT,
            Deed.RESTORE);
    // Mostly ranks of the same few lengths, sometimes one that is longer than a page.
    Arbitrary<Integer> ranks =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.of(17, 18, 33)),
            Tuple.of(5, Arbitraries.integers().between(0, 300)),
            Tuple.of(1, Arbitraries.integers().between(4_000, 40_000)));
    return Combinators.combine(
            deeds, Arbitraries.integers().between(0, 60), ranks, Arbitraries.of(0, 0, 4, 50))
        .as(Step::new)
        .list()
        .ofMaxSize(400);
  }

  @Property(tries = 300)
  void holds_what_a_map_would_hold_and_comes_back_from_every_snapshot(
      @ForAll("steps") List<Step> steps) throws IOException {
    Life life = new Life();
    for (int i = 0; i < steps.size(); i++) {
      life.live(steps.get(i), i);
    }
    life.takeSnapshot();
    life.end();
  }

  @Example
  void a_snapshot_gets_only_the_pages_that_were_written_since_the_last() {
    MemoryPages table = new MemoryPages();
    for (int i = 0; i < 10_000; i++) {
      table.remember(key(i), Memory.tombstone(filled(17, i), i));
    }
    int pages = table.drain().written().size();
    assertThat(pages).isGreaterThan(100);
    table.remember(key(7), Memory.tombstone(filled(17, 8), 8));

    assertThat(table.drain().written()).hasSize(1);
    assertThat(table.drain()).isEqualTo(new PageChanges(Map.of(), List.of()));
  }

  @Example
  void endless_updates_of_changing_length_take_bounded_space() {
    MemoryPages table = new MemoryPages();
    long most = 0;
    for (int i = 0; i < 200_000; i++) {
      table.remember(key(i % 100), Memory.tombstone(filled(i % 97, i), i));
      most = Math.max(most, table.bytes());
    }
    assertThat(table.size()).isEqualTo(100);
    assertThat(most).isLessThan(3 * 100 * (24 + 12 + 97));
  }

  @Example
  void a_table_whose_keys_are_all_forgotten_has_no_pages() throws IOException {
    Life life = new Life();
    for (int i = 0; i < 1_000; i++) {
      life.live(new Step(Deed.REMEMBER, i, 17, 0), i);
    }
    life.takeSnapshot();
    for (int i = 0; i < 1_000; i++) {
      life.live(new Step(Deed.FORGET, i, 0, 0), i);
    }
    life.takeSnapshot();

    assertThat(life.snapshot).isEmpty();
    assertThat(life.table.bytes()).isZero();
  }

  @Example
  void no_search_is_long_whatever_the_keys_have_in_common() {
    for (long step : new long[] {1, 1L << 20, 1L << 40, 1L << 56}) {
      MemoryPages table = new MemoryPages();
      for (int i = 0; i < 50_000; i++) {
        table.remember(new KeyId(7, step * i, 0), Memory.tombstone(filled(1, i), i));
      }
      assertThat(table.longestRun()).as("keys %d apart", step).isLessThan(200);
    }
  }

  @Example
  void pages_keep_their_layout() throws IOException {
    MemoryPages table = new MemoryPages();
    KeyId key = new KeyId(0x01020304, 0x1112131415161718L, 0x2122232425262728L);
    table.remember(key, Memory.present(new byte[] {1, 2, 3}, new byte[] {9}, 5));
    table.remember(key(1), Memory.tombstone(new byte[] {4}, Long.MIN_VALUE));
    table.forget(key(1));

    assertThat(HEX.formatHex(written(table.drain().written().get(0))))
        .isEqualTo(
            "00000048" // the length of the page
                + "01" // the layout of the page
                + "00000012" // a memory takes 18 bytes
                + "0102030411121314151617182122232425262728" // the key
                + "010700000000000000050003010203000109" // the memory
                + "80000005" // a dead one takes 5 bytes
                + "ffffffff00000000000000010001000000000000" // its key
                + "0100000104"); // its memory
  }

  @Example
  void a_page_of_a_later_layout_is_refused_by_name() {
    byte[] later = {0, 0, 0, 1, 2};
    assertThatThrownBy(() -> MemoryPage.read(new DataInputStream(new ByteArrayInputStream(later))))
        .isInstanceOf(IOException.class)
        .hasMessage("a page of state of layout 2 was written by a later release; this one reads 1");
  }

  @Example
  void a_table_is_not_made_of_some_of_its_pages() {
    MemoryPages table = new MemoryPages();
    for (int i = 0; i < 300; i++) {
      table.remember(key(i), Memory.tombstone(filled(17, i), i));
    }
    Map<Integer, MemoryPage> pages = table.drain().written();
    pages.remove(1);
    assertThatThrownBy(() -> MemoryPages.of(pages))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("page 1 of " + pages.size() + " of the state is missing");
  }

  private static KeyId key(int number) {
    return new KeyId(-(number % 3), number, (long) number << 48);
  }

  private static byte[] filled(int length, int number) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  private static Map<KeyId, Memory> all(MemoryPages table) {
    Map<KeyId, Memory> all = new HashMap<>();
    List<KeyId> twice = new ArrayList<>();
    table.forEach(
        (key, memory) -> {
          if (all.put(key, memory) != null) {
            twice.add(key);
          }
        });
    assertThat(twice).isEmpty();
    return all;
  }

  /** The same pages, through the bytes of a snapshot. */
  private static Map<Integer, MemoryPage> written(Map<Integer, MemoryPage> pages)
      throws IOException {
    Map<Integer, MemoryPage> back = new HashMap<>();
    for (Map.Entry<Integer, MemoryPage> page : pages.entrySet()) {
      byte[] bytes = written(page.getValue());
      back.put(
          page.getKey(), MemoryPage.read(new DataInputStream(new ByteArrayInputStream(bytes))));
    }
    return back;
  }

  private static byte[] written(MemoryPage page) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    page.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
