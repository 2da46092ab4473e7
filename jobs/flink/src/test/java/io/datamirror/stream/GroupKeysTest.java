package io.datamirror.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import java.util.Arrays;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupKeysTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 128, 32_768})
  void every_key_group_has_a_key_of_its_own(int maxParallelism) {
    KeyId[] keys = GroupKeys.of(KeyGroupRange.of(0, maxParallelism - 1), maxParallelism);
    for (int group = 0; group < maxParallelism; group++) {
      assertThat(KeyGroupRangeAssignment.assignToKeyGroup(keys[group], maxParallelism))
          .isEqualTo(group);
    }
  }

  @Test
  void a_key_does_not_depend_on_the_subtask_that_asks() {
    KeyId[] all = GroupKeys.of(KeyGroupRange.of(0, 127), 128);
    assertThat(GroupKeys.of(KeyGroupRange.of(43, 85), 128))
        .isEqualTo(Arrays.copyOfRange(all, 43, 86));
  }

  @Test
  void keys_stay_as_savepoints_have_them() {
    assertThat(GroupKeys.of(KeyGroupRange.of(0, 3), 128))
        .extracting(KeyId::low)
        .containsExactly(59L, 171L, 5L, 47L);
  }
}
