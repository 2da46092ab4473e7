package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RecentMemoriesTest {

  private static final int RANK_BYTES = 17;

  /** An entry of a page: its head, and a memory without time and partition. */
  private static final int ENTRY_BYTES = 24 + 2 + 2 + RANK_BYTES;

  private static final long KIBIBYTE = 1 << 10;

  enum Deed {
    KEEP,
    RECALL,
    DROP
  }

  record Step(Deed deed, int key) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Deed.KEEP, Deed.KEEP, Deed.RECALL, Deed.RECALL, Deed.DROP),
            Arbitraries.integers().between(0, 80))
        .as(Step::new)
        .list()
        .ofMaxSize(600);
  }

  @Property(tries = 300)
  void what_is_recalled_was_kept_last_and_what_is_held_stays_small(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 8_000) int limitBytes) {
    RecentMemories recent = new RecentMemories(limitBytes);
    Map<KeyId, Memory> last = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      KeyId key = key(steps.get(i).key);
      recent.expect(key);
      switch (steps.get(i).deed) {
        case KEEP -> {
          recent.keep(key, memory(i));
          last.put(key, memory(i));
          assertThat(recent.memoryBytes()).isLessThan(limitBytes + KIBIBYTE);
        }
        case DROP -> {
          recent.drop(key);
          last.remove(key);
        }
        case RECALL -> {
          Memory recalled = recent.recall(key);
          if (recalled != null) {
            assertThat(recalled).isEqualTo(last.get(key));
            assertThat(recent.recall(key)).isEqualTo(recalled);
          }
        }
      }
    }
  }

  @Example
  void keys_that_fit_into_half_of_it_are_all_there_however_often_they_change() {
    int keys = 1_000;
    RecentMemories recent = new RecentMemories(2L * keys * (ENTRY_BYTES + 2 * 2 * Long.BYTES));
    for (int i = 0; i < 20 * keys; i++) {
      recent.keep(key(i % keys), memory(i));
    }
    for (int i = 0; i < keys; i++) {
      assertThat(recent.recall(key(i))).isEqualTo(memory(19 * keys + i));
    }
  }

  @Example
  void a_key_that_is_used_stays_while_others_come_and_go() {
    RecentMemories recent = new RecentMemories(64 * KIBIBYTE);
    recent.keep(key(0), memory(7));
    for (int i = 1; i < 100_000; i++) {
      recent.keep(key(i), memory(i));
      if (i % 100 == 0) {
        assertThat(recent.recall(key(0))).isEqualTo(memory(7));
      }
    }
    assertThat(recent.recall(key(1))).isNull();
    assertThat(recent.recall(key(99_999))).isEqualTo(memory(99_999));
  }

  private static KeyId key(int i) {
    return new KeyId(1, i, ~(long) i);
  }

  private static Memory memory(int i) {
    byte[] rank = new byte[RANK_BYTES];
    rank[0] = (byte) i;
    rank[1] = (byte) (i >> Byte.SIZE);
    rank[2] = (byte) (i >> 2 * Byte.SIZE);
    return Memory.present(rank, Memory.NO_PARTITION, Long.MIN_VALUE);
  }
}
