package io.datamirror.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentStateStoreTest {

  private static final int KEYS = 2_000;

  /** Has everything, and counts how often it is read. */
  private static final class SlowStore implements StateStore {
    private final Map<KeyId, Memory> memories = new HashMap<>();
    private int reads;
    private int snapshots;

    @Override
    public Memory recall(KeyId key) {
      reads++;
      return memories.get(key);
    }

    @Override
    public void remember(KeyId key, Memory memory) {
      memories.put(key, memory);
    }

    @Override
    public void forget(KeyId key) {
      memories.remove(key);
    }

    @Override
    public boolean ordered() {
      return true;
    }

    @Override
    public void prepareSnapshot() {
      snapshots++;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 14, 1 << 17, 1 << 24})
  void every_memory_is_in_the_store_at_once_and_is_the_one_that_is_recalled(long recentBytes)
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    SlowStore slow = new SlowStore();
    StateStore store = new RecentStateStore(slow, recentBytes);
    Map<KeyId, Memory> expected = new HashMap<>();

    for (int i = 0; i < 50_000; i++) {
      KeyId key = new KeyId(1, 0, random.nextInt(KEYS));
      store.expect(key);
      assertThat(store.recall(key)).as("seed %d, step %d", seed, i).isEqualTo(expected.get(key));
      if (random.nextInt(10) == 0) {
        store.forget(key);
        expected.remove(key);
      } else {
        Memory memory = Memory.tombstone(new byte[] {(byte) i, (byte) (i >> Byte.SIZE)}, i);
        store.remember(key, memory);
        expected.put(key, memory);
      }
      assertThat(slow.memories.get(key)).as("seed %d", seed).isEqualTo(expected.get(key));
    }
    store.prepareSnapshot();

    assertThat(slow.memories).as("seed %d", seed).isEqualTo(expected);
    assertThat(slow.snapshots).isEqualTo(1);
    assertThat(store.ordered()).isTrue();
  }

  @Test
  void a_key_that_was_used_lately_is_not_read_again() {
    SlowStore slow = new SlowStore();
    slow.memories.put(key(0), Memory.tombstone(new byte[] {1}, 1));
    StateStore store = new RecentStateStore(slow, 1 << 24);
    for (int i = 0; i < 100; i++) {
      store.remember(key(1), Memory.tombstone(new byte[] {(byte) i}, i));
      assertThat(store.recall(key(0))).isEqualTo(slow.memories.get(key(0)));
      assertThat(store.recall(key(1))).isEqualTo(slow.memories.get(key(1)));
    }
    assertThat(slow.reads).isEqualTo(1);
  }

  private static KeyId key(long low) {
    return new KeyId(1, 0, low);
  }
}
