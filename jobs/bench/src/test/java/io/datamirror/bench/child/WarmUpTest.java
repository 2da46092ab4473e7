package io.datamirror.bench.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  private final WarmUp warmUp = WarmUp.ofSeconds(20);

  @Test
  void a_fast_contender_runs_until_the_time_is_over() {
    assertThat(isEnough(8, 19)).isFalse();
    assertThat(isEnough(9, 21)).isTrue();
  }

  @Test
  void a_slower_one_runs_until_it_has_run_some_rounds() {
    assertThat(isEnough(3, 45)).isFalse();
    assertThat(isEnough(4, 55)).isTrue();
  }

  @Test
  void the_slowest_begins_no_round_after_a_minute() {
    assertThat(isEnough(2, 59)).isFalse();
    assertThat(isEnough(2, 60)).isTrue();
  }

  @Test
  void without_a_time_one_round_is_enough() {
    assertThat(WarmUp.ofSeconds(0).isEnough(1, 0)).isTrue();
  }

  private boolean isEnough(int rounds, long seconds) {
    return warmUp.isEnough(rounds, TimeUnit.SECONDS.toNanos(seconds));
  }
}
