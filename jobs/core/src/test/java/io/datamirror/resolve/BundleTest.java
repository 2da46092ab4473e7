package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BundleTest {

  private static final byte[] RANK = {};

  private static Pending<String> entry(KeyId key) {
    return new Pending<>(key, Operation.UPSERT, RANK, 0, "", 0);
  }

  @Property
  void holds_what_a_map_would_hold_over_many_rounds(
      @ForAll @Size(max = 8) List<@Size(max = 300) List<@IntRange(max = 400) Integer>> rounds) {
    Bundle<String> bundle = new Bundle<>();
    for (List<Integer> round : rounds) {
      Map<KeyId, Pending<String>> map = new HashMap<>();
      for (int number : round) {
        KeyId key = new KeyId(number % 3, number, (long) number << 48);
        assertThat(bundle.find(key)).isSameAs(map.get(key));
        if (!map.containsKey(key)) {
          Pending<String> entry = entry(key);
          map.put(key, entry);
          bundle.add(entry);
        }
      }
      assertThat(bundle.size()).isEqualTo(map.size());
      map.forEach((key, entry) -> assertThat(bundle.find(key)).isSameAs(entry));
      bundle.clear();
      map.keySet().forEach(key -> assertThat(bundle.find(key)).isNull());
    }
  }

  @Example
  void gives_entries_as_they_came_or_as_asked_for() {
    Bundle<String> bundle = new Bundle<>();
    for (long number : new long[] {5, 1, 9, 3}) {
      bundle.add(entry(new KeyId(1, 0, number)));
    }
    assertThat(numbers(bundle.entries(), bundle.size())).containsExactly(5L, 1L, 9L, 3L);
    assertThat(numbers(bundle.sorted(Comparator.comparing(KeyId::low)), bundle.size()))
        .containsExactly(1L, 3L, 5L, 9L);
    assertThat(bundle.find(new KeyId(1, 0, 9)).key.low()).isEqualTo(9);
  }

  /** The keys of a numbered table, as they are packed: they once shared all low bits. */
  @Example
  void numbers_that_follow_each_other_do_not_crowd() {
    Bundle<String> bundle = new Bundle<>();
    byte[] encoded = new byte[9];
    for (int number = 0; number < 300_000; number++) {
      for (int i = 0; i < 4; i++) {
        encoded[5 + i] = (byte) (number >>> (24 - 8 * i));
      }
      bundle.add(entry(KeyId.of(1, encoded, encoded.length)));
    }
    assertThat(bundle.longestRun()).isLessThan(200);
  }

  private static List<Long> numbers(Pending<String>[] entries, int size) {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      numbers.add(entries[i].key.low());
    }
    return numbers;
  }
}
