package io.datamirror.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;

class BundleLimitTest {

  private static final long MEBIBYTE = 1L << 20;
  private static final long GIBIBYTE = 1L << 30;

  private static Configuration slots(int slots) {
    Configuration settings = new Configuration();
    settings.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
    return settings;
  }

  @Test
  void a_share_falls_with_the_slots_of_the_process() {
    assertThat(BundleLimit.SHARE_OF_HEAP.bytes(slots(1), 2 * GIBIBYTE)).isEqualTo(256 * MEBIBYTE);
    assertThat(BundleLimit.SHARE_OF_HEAP.bytes(slots(4), 2 * GIBIBYTE)).isEqualTo(64 * MEBIBYTE);
  }

  @Test
  void a_share_is_neither_useless_nor_boundless() {
    assertThat(BundleLimit.SHARE_OF_HEAP.bytes(slots(64), GIBIBYTE)).isEqualTo(16 * MEBIBYTE);
    assertThat(BundleLimit.SHARE_OF_HEAP.bytes(slots(1), 100 * GIBIBYTE)).isEqualTo(GIBIBYTE);
  }

  @Test
  void a_number_is_what_it_says() {
    assertThat(new BundleLimit(5).bytes(slots(4), GIBIBYTE)).isEqualTo(5);
  }
}
