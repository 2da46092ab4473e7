package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.resolve.testing.HeldRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BundleTest {

  private final Bundle<String> bundle = new Bundle<>(new HeldRows<>());

  /** What a bundle holds of a key. */
  private record Change(Operation operation, List<Byte> rank, long timeMillis, String row) {}

  /** Every part of a change depends on its number; ranks grow and shrink. */
  private static Change change(int number) {
    List<Byte> rank = new ArrayList<>();
    for (int i = 0; i < number % 5; i++) {
      rank.add((byte) (number + i));
    }
    Operation operation = number % 3 == 0 ? Operation.DELETE : Operation.UPSERT;
    return new Change(operation, rank, number * 1_000L, "row " + number);
  }

  private static byte[] bytes(List<Byte> rank) {
    byte[] bytes = new byte[rank.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = rank.get(i);
    }
    return bytes;
  }

  private void put(KeyId key, Change change) {
    byte[] rank = bytes(change.rank);
    int entry = bundle.find(key);
    if (entry == Bundle.NONE) {
      bundle.add(key, change.operation, rank, change.timeMillis, change.row);
    } else {
      bundle.replace(entry, change.operation, rank, change.timeMillis, change.row);
    }
  }

  private Change get(KeyId key) {
    int entry = bundle.find(key);
    if (entry == Bundle.NONE) {
      return null;
    }
    Pending<String> pending = bundle.get(entry, key);
    assertThat(bundle.key(entry)).isEqualTo(key);
    assertThat(bundle.compareRank(pending.rank, entry)).isZero();
    List<Byte> rank = new ArrayList<>();
    for (byte part : pending.rank) {
      rank.add(part);
    }
    return new Change(pending.operation, rank, pending.timeMillis, pending.row);
  }

  private static KeyId key(int number) {
    return new KeyId(-(number % 3), number, (long) number << 48);
  }

  @Property
  void holds_what_a_map_would_hold_over_many_rounds(
      @ForAll @Size(max = 8) List<@Size(max = 300) List<@IntRange(max = 400) Integer>> rounds) {
    for (List<Integer> round : rounds) {
      Map<KeyId, Change> map = new HashMap<>();
      for (int i = 0; i < round.size(); i++) {
        KeyId key = key(round.get(i));
        assertThat(get(key)).isEqualTo(map.get(key));
        map.put(key, change(i));
        put(key, change(i));
      }
      assertThat(bundle.size()).isEqualTo(map.size());
      map.forEach((key, change) -> assertThat(get(key)).isEqualTo(change));
      bundle.clear();
      map.keySet().forEach(key -> assertThat(get(key)).isNull());
      assertThat(bundle.bytes()).isZero();
    }
  }

  /** Keys of three tables, of which some stand in the bundle and many begin in the same slots. */
  @Property
  void finds_many_keys_as_a_map_would(
      @ForAll List<@IntRange(max = 60) Integer> held,
      @ForAll @Size(max = Incoming.ROOM) List<@IntRange(max = 90) Integer> sought) {
    bundle.clear();
    Map<KeyId, Integer> map = new HashMap<>();
    for (int number : held) {
      if (map.putIfAbsent(key(number), map.size()) == null) {
        put(key(number), change(number));
      }
    }
    Incoming<String> incoming = new Incoming<>();
    sought.forEach(number -> incoming.add(new Sought(key(number)), 0));
    int[] found = bundle.findEach(incoming);
    for (int i = 0; i < sought.size(); i++) {
      assertThat(found[i]).isEqualTo(map.getOrDefault(key(sought.get(i)), Bundle.NONE));
    }
  }

  @Example
  void two_keys_of_one_hash_are_told_apart() {
    Map<Integer, KeyId> byHash = new HashMap<>();
    KeyId second = key(0);
    for (int i = 1; byHash.putIfAbsent(KeyHash.of(second), second) == null; i++) {
      second = key(i);
    }
    KeyId first = byHash.get(KeyHash.of(second));
    Incoming<String> incoming = new Incoming<>();
    incoming.add(new Sought(second), 0);
    incoming.add(new Sought(first), 0);
    put(first, change(1));
    assertThat(Arrays.copyOf(bundle.findEach(incoming), 2)).containsExactly(Bundle.NONE, 0);
    put(second, change(2));
    assertThat(Arrays.copyOf(bundle.findEach(incoming), 2)).containsExactly(1, 0);
    assertThat(get(first)).isEqualTo(change(1));
    assertThat(get(second)).isEqualTo(change(2));
  }

  /** A change of which only the key matters. */
  private record Sought(KeyId key) implements KeyedChange<String> {
    @Override
    public Operation operation() {
      return Operation.UPSERT;
    }

    @Override
    public byte[] rank() {
      return new byte[0];
    }

    @Override
    public long timeMillis() {
      return 0;
    }

    @Override
    public String row() {
      return "";
    }
  }

  /** Ranks of few values that begin alike, so that they differ at any place or in length alone. */
  @Provide
  Arbitrary<byte[]> ends() {
    return Arbitraries.of((byte) 0, (byte) 1, (byte) -1).array(byte[].class).ofMaxSize(30);
  }

  @Property
  void compares_ranks_as_the_law_does(
      @ForAll("ends") byte[] start, @ForAll("ends") byte[] held, @ForAll("ends") byte[] came) {
    byte[] inBundle = together(start, held);
    byte[] other = together(start, came);
    bundle.clear();
    bundle.add(key(1), Operation.UPSERT, inBundle, 0, "");
    assertThat(Integer.signum(bundle.compareRank(other, 0)))
        .isEqualTo(Integer.signum(Rank.compare(other, inBundle)));
    assertThat(bundle.conflicts(other, 0)).isEqualTo(Rank.conflicting(other, inBundle));
    bundle.replace(0, Operation.UPSERT, other, 0, "");
    assertThat(bundle.compareRank(other, 0)).isZero();
    assertThat(Integer.signum(bundle.compareRank(inBundle, 0)))
        .isEqualTo(Integer.signum(Rank.compare(inBundle, other)));
  }

  private static byte[] together(byte[] start, byte[] end) {
    byte[] both = Arrays.copyOf(start, start.length + end.length);
    System.arraycopy(end, 0, both, start.length, end.length);
    return both;
  }

  @Example
  void another_change_is_not_what_was_remembered() {
    put(key(1), change(1));
    bundle.markRemembered(0);
    assertThat(bundle.remembered(0)).isTrue();
    assertThat(get(key(1))).isEqualTo(change(1));
    put(key(1), change(3));
    assertThat(bundle.remembered(0)).isFalse();
    assertThat(get(key(1))).isEqualTo(change(3));
  }

  @Example
  void entries_come_group_by_group_and_then_by_their_bytes() {
    for (long number : new long[] {5, 1, -1, 9, 4, 3}) {
      bundle.add(new KeyId(1, 0, number), Operation.UPSERT, new byte[0], 0, "");
    }
    List<Long> numbers = new ArrayList<>();
    for (Bundle.Placed placed : bundle.sorted(key -> (int) -(key.low() & 1))) {
      assertThat(bundle.key(placed.entry())).isEqualTo(placed.key());
      numbers.add(placed.key().low());
    }
    assertThat(numbers).containsExactly(1L, 3L, 5L, 9L, -1L, 4L);
  }

  /** The keys of a numbered table, as they are packed: they once shared all low bits. */
  @Example
  void numbers_that_follow_each_other_do_not_crowd() {
    byte[] encoded = new byte[9];
    for (int number = 0; number < 300_000; number++) {
      for (int i = 0; i < 4; i++) {
        encoded[5 + i] = (byte) (number >>> (24 - 8 * i));
      }
      KeyId key = KeyId.of(1, encoded, encoded.length);
      bundle.add(key, Operation.UPSERT, new byte[0], 0, "");
    }
    assertThat(bundle.longestRun()).isLessThan(200);
  }
}
