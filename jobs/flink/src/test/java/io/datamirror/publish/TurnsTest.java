package io.datamirror.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TurnsTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicLong clockNanos = new AtomicLong();
  private final Turns turns = new Turns(Set.of("busy", "idle"), HOUR, clockNanos::get);

  @Test
  void a_table_at_rest_has_its_turn_every_hour_although_another_is_never_at_rest()
      throws Exception {
    assertThat(turns(2)).containsExactlyInAnyOrder("busy", "idle");
    List<String> taken = new ArrayList<>();
    for (int minute = 0; minute < 150; minute++) {
      turns.add(List.of("busy"));
      clockNanos.addAndGet(Duration.ofMinutes(1).toNanos());
      taken.addAll(turns(1));
    }
    assertThat(taken).filteredOn("idle"::equals).hasSize(2);
  }

  @Test
  void who_waits_for_a_turn_has_one_when_the_time_has_come() throws Exception {
    Turns often = new Turns(Set.of("idle"), Duration.ofMillis(20), System::nanoTime);
    for (int look = 0; look < 3; look++) {
      assertThat(often.take()).contains("idle");
      often.done();
    }
  }

  @Test
  void a_table_that_goes_wrong_keeps_no_other_waiting() throws Exception {
    turns(2);
    turns.add(List.of("idle"));
    String wrong = turns.take().orElseThrow();
    turns.again();
    turns.pause(wrong, 10_000);
    for (int second = 0; second < 10; second++) {
      turns.add(List.of("busy"));
      assertThat(turns(1)).as("in second %d", second).containsExactly("busy");
      clockNanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    assertThat(turns(1)).containsExactly(wrong);
  }

  @Test
  void a_pause_ends_by_itself() throws Exception {
    Turns alone = new Turns(Set.of("wrong"), HOUR, System::nanoTime);
    assertThat(alone.take()).contains("wrong");
    alone.again();
    alone.pause("wrong", 20);
    assertThat(alone.take()).contains("wrong");
  }

  @Test
  void a_table_that_is_not_published_has_no_turn() throws Exception {
    turns(2);
    turns.add(List.of("another", "busy"));
    assertThat(turns(1)).containsExactly("busy");
  }

  private List<String> turns(int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    for (int turn = 0; turn < count; turn++) {
      taken.add(turns.take().orElseThrow());
      turns.done();
    }
    return taken;
  }
}
