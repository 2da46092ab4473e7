package io.datamirror.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndWatchTest {

  private final EndWatch watch = new EndWatch(100, Duration.ofNanos(30));

  @Test
  void an_end_that_stays_earlier_than_it_was_is_lost() {
    assertThat(watch.lost(5, 1_000)).isFalse();
    assertThat(watch.lost(5, 1_029)).isFalse();
    assertThat(watch.lost(7, 1_030)).isTrue();
  }

  @Test
  void an_end_that_was_earlier_only_for_a_while_is_not_lost() {
    assertThat(watch.lost(5, 1_000)).isFalse();
    assertThat(watch.lost(100, 1_020)).isFalse();
    assertThat(watch.lost(99, 1_040)).isFalse();
    watch.heard();
    assertThat(watch.lost(99, 1_090)).isFalse();
    assertThat(watch.lost(99, 1_120)).isTrue();
  }

  @Test
  void a_partition_that_is_only_silent_is_waited_for() {
    assertThat(watch.lost(100, 0)).isFalse();
    assertThat(watch.lost(100, Long.MAX_VALUE)).isFalse();
  }
}
