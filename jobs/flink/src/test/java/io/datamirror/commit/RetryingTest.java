package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryingTest {

  private final Retrying retrying = new Retrying(new Patience(1, 1, 1));
  private final AtomicInteger attempts = new AtomicInteger();

  /** A catalog that answers only from this attempt on, and takes longer than anybody's patience. */
  private int answers(int from) {
    int attempt = attempts.incrementAndGet();
    if (attempt < from) {
      sleep();
      throw new IllegalStateException("no answer");
    }
    return attempt;
  }

  private static void sleep() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_failure_that_took_longer_than_the_patience_is_tried_again_once() throws Exception {
    assertThat(retrying.call("t", "a commit", () -> answers(2))).isEqualTo(2);
  }

  @Test
  void what_fails_again_is_given_up() {
    assertThatThrownBy(() -> retrying.call("t", "a commit", () -> answers(3)))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining(" t: a commit did not succeed (IllegalStateException)");
    assertThat(attempts).hasValue(2);
  }
}
