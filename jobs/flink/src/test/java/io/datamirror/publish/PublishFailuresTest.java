package io.datamirror.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PublishFailuresTest {

  private static final String TOPIC = "shop.orders";
  private static final RuntimeException REFUSED = new SaslAuthenticationException("no");

  private final PublishFailures failures = new PublishFailures(Duration.ofMinutes(1));

  @Test
  void credentials_that_never_worked_are_not_tried_again() {
    assertThatThrownBy(() -> failures.pauseMillis(REFUSED, TOPIC))
        .hasMessageStartingWith(
            "MIRROR-2002 shop.orders: Kafka refuses the credentials of what is published");
  }

  @Test
  void credentials_that_worked_were_replaced_and_are_looked_up_again() {
    failures.opened();

    assertThat(failures.pauseMillis(REFUSED, TOPIC)).isEqualTo(100);
    assertThat(failures.pauseMillis(REFUSED, TOPIC)).isEqualTo(200);
    failures.none(TOPIC);
    assertThat(failures.pauseMillis(REFUSED, TOPIC)).isEqualTo(100);
  }

  @Test
  void credentials_that_are_refused_for_too_long_are_told_as_such() {
    PublishFailures impatient = new PublishFailures(Duration.ZERO);
    impatient.opened();

    assertThatThrownBy(() -> impatient.pauseMillis(REFUSED, TOPIC))
        .hasMessageStartingWith(
            "MIRROR-2002 shop.orders: Kafka refuses the credentials of what is published");
    assertThatThrownBy(() -> impatient.pauseMillis(new TimeoutException("late"), TOPIC))
        .hasMessageStartingWith(
            "MIRROR-3050 shop.orders: what is in the lake could not be published");
  }

  @Test
  void privileges_that_are_missing_are_told_at_once_though_credentials_worked() {
    failures.opened();

    assertThatThrownBy(() -> failures.pauseMillis(new AuthorizationException("no"), TOPIC))
        .hasMessageContaining("Kafka does not allow this user to publish");
  }
}
