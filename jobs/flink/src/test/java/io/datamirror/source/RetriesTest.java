package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetriesTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Exception AWAY = new SQLTransientException("gone", "08006");
  private static final Exception ENDED = new SQLException("canceling statement", "57014");
  private static final Exception UNEXPECTED = new IllegalStateException("a driver's mistake");
  private static final Exception REFUSED =
      new MirrorException(ErrorCode.CREDENTIALS_REPLACED, "kafka", "it refuses them", "Mend.");

  private final Retries retries = new Retries(LIMIT);
  private long nowMillis;

  private void fail(Exception failure, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(retries.exhausted(failure, nowMillis)).isFalse();
      retries.delayMillis(failure, nowMillis);
    }
  }

  private void pass(Duration time) {
    nowMillis += time.toMillis();
  }

  @Test
  void pauses_grow_up_to_ten_seconds_and_begin_anew_after_a_success() {
    assertThat(retries.delayMillis(AWAY, 0)).isEqualTo(100);
    assertThat(retries.delayMillis(ENDED, 0)).isEqualTo(200);
    fail(AWAY, 20);
    assertThat(retries.delayMillis(AWAY, 0)).isEqualTo(10_000);
    retries.succeeded();
    assertThat(retries.delayMillis(AWAY, 0)).isEqualTo(100);
  }

  @Test
  void what_lasts_as_long_as_the_limit_is_exhausted_and_stays() {
    for (Exception failure : new Exception[] {AWAY, ENDED, REFUSED}) {
      retries.succeeded();
      fail(failure, 3);
      pass(LIMIT);
      assertThat(retries.exhausted(failure, nowMillis)).isTrue();
      assertThat(retries.stays(failure, nowMillis)).isTrue();
    }
  }

  @Test
  void what_comes_at_the_end_of_an_outage_is_not_what_stays() {
    for (Exception last : new Exception[] {ENDED, REFUSED, UNEXPECTED}) {
      retries.succeeded();
      fail(AWAY, 3);
      pass(LIMIT.minusSeconds(10));
      fail(last, 1);
      pass(Duration.ofSeconds(10));
      assertThat(retries.exhausted(last, nowMillis)).isTrue();
      assertThat(retries.stays(last, nowMillis)).isFalse();
    }
  }

  @Test
  void a_mistake_of_a_driver_is_tried_five_times_whatever_came_before() {
    fail(AWAY, 9);
    fail(UNEXPECTED, 5);
    assertThat(retries.exhausted(UNEXPECTED, nowMillis)).isTrue();
    assertThat(retries.stays(UNEXPECTED, nowMillis)).isTrue();
    assertThat(retries.exhausted(AWAY, nowMillis)).isFalse();
  }
}
