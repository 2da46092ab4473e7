package io.datamirror.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class PublishFailuresTest {

  private static final String REFUSED =
      "MIRROR-2002 t: Kafka refuses the credentials of what is published";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final AtomicLong clockNanos = new AtomicLong();
  private final PublishFailures failures = new PublishFailures(PATIENCE, clockNanos::get);

  @Test
  void credentials_that_never_worked_are_wrong_at_once() {
    assertThatThrownBy(() -> failures.pauseMillis(refusal(), "t"))
        .hasMessageContaining(REFUSED)
        .hasMessageContaining("Mend sasl.jaas.config or the stores under publish.properties");
  }

  @Test
  void credentials_that_worked_may_be_exchanged_for_as_long_as_a_broker_may_be_away() {
    failures.none("marks");
    assertThat(failures.pauseMillis(refusal(), "t")).isEqualTo(100);
    clockNanos.addAndGet(PATIENCE.toNanos());
    assertThat(failures.pauseMillis(refusal(), "t")).isEqualTo(200);
    clockNanos.addAndGet(1);
    assertThatThrownBy(() -> failures.pauseMillis(refusal(), "t")).hasMessageContaining(REFUSED);
  }

  @Test
  void a_producer_that_was_refused_long_ago_is_refused() {
    failures.none("marks");
    assertThat(failures.pauseMillis(new KafkaException("in an error state", refusal()), "t"))
        .isEqualTo(100);
  }

  @Test
  void what_is_not_allowed_is_an_error_whatever_worked_before() {
    failures.none("t");
    assertThatThrownBy(() -> failures.pauseMillis(new TopicAuthorizationException("no"), "t"))
        .hasMessageContaining("MIRROR-")
        .hasMessageContaining("Kafka does not allow this user to publish");
  }

  @Test
  void a_topic_that_goes_well_is_given_its_whole_patience_again() {
    failures.pauseMillis(new TimeoutException(), "t");
    failures.none("t");
    clockNanos.addAndGet(PATIENCE.toNanos() + 1);
    assertThat(failures.pauseMillis(new TimeoutException(), "t")).isEqualTo(100);
    clockNanos.addAndGet(PATIENCE.toNanos() + 1);
    assertThatThrownBy(() -> failures.pauseMillis(new TimeoutException(), "t"))
        .hasMessageContaining("MIRROR-3050 t: what is in the lake could not be published");
  }

  private static RuntimeException refusal() {
    return new SaslAuthenticationException("no such user or password");
  }
}
