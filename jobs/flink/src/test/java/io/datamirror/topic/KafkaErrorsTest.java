package io.datamirror.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.error.MirrorException;
import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What is said of a client that cannot be made; each is one of Kafka's own. */
class KafkaErrorsTest {

  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"shop\""
          + " password=\"hidden\"";

  private static Properties properties(Map<String, String> given) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "localhost:1");
    properties.putAll(given);
    KafkaTimeouts.complete(properties);
    return properties;
  }

  private static Properties login(String config) {
    return properties(
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            config));
  }

  private static String said(Properties properties) {
    return said(catchThrowableOfType(RuntimeException.class, () -> Admin.create(properties)));
  }

  private static String said(Exception failure) {
    Exception explained = KafkaErrors.explained(failure, "kafka:9092");
    assertThat(explained).isInstanceOf(MirrorException.class).hasNoCause();
    return explained.getMessage();
  }

  @Test
  void a_login_that_cannot_be_read_or_made_is_told_without_what_it_holds() {
    String mend =
        ". Mend sasl.jaas.config, sasl.mechanism and security.protocol under source.properties.";
    String refused = "MIRROR-1004 kafka:9092: Kafka's client cannot log in as it is told to, with ";

    assertThat(said(login(LOGIN))).isEqualTo(refused + "IllegalArgumentException" + mend);
    assertThat(said(login(LOGIN.replace("PlainLogin", "PlaneLogin") + ";")))
        .isEqualTo(refused + "LoginException" + mend);
  }

  @Test
  void a_login_that_meets_a_silent_network_is_tried_again() {
    Throwable login = new LoginException("no ticket").initCause(new IOException("no answer"));

    assertThat(said(new KafkaException("Failed to create", login)))
        .startsWith("MIRROR-2045 kafka:9092: Kafka does not answer, with IOException.");
    assertThat(said(new TimeoutException("silence")))
        .startsWith("MIRROR-2045 kafka:9092: Kafka does not answer, with TimeoutException.");
  }

  @Test
  void a_property_that_a_client_refuses_when_it_is_made_is_one_of_the_spec() {
    Properties shorter =
        properties(Map.of("request.timeout.ms", "20000", "default.api.timeout.ms", "10000"));

    assertThat(said(shorter))
        .isEqualTo(
            "MIRROR-1004 kafka:9092: Kafka's client refuses a property, with ConfigException. Mend"
                + " source.properties; the client's documentation has each property's values.");
  }

  @Test
  void an_address_that_a_client_cannot_read_is_not_sought_among_the_properties() {
    String refused =
        "MIRROR-1004 kafka:9092: Kafka's client refuses an address, with ConfigException. Write"
            + " source.bootstrap-servers as host:port, several with commas between.";

    assertThat(said(properties(Map.of("bootstrap.servers", "localhost")))).isEqualTo(refused);
    assertThat(said(properties(Map.of("bootstrap.servers", "localhost:1,localhost:x"))))
        .isEqualTo(refused);
  }

  @Test
  void a_host_that_has_no_address_yet_is_a_matter_of_the_network() {
    ConfigException nowhere =
        new ConfigException("No resolvable bootstrap urls given in bootstrap.servers");

    assertThat(said(new KafkaException("Failed to create", nowhere)))
        .startsWith("MIRROR-2045 kafka:9092: Kafka does not answer, with ConfigException.");
  }

  @Test
  void a_timeout_that_is_given_moves_the_one_that_is_not() {
    assertThat(properties(Map.of("request.timeout.ms", "20000")))
        .containsEntry("default.api.timeout.ms", 20_000);
    assertThat(properties(Map.of("default.api.timeout.ms", "5000")))
        .containsEntry("request.timeout.ms", 5_000);
    assertThat(properties(Map.of()))
        .containsEntry("request.timeout.ms", 15_000)
        .containsEntry("default.api.timeout.ms", 15_000);
    Admin.create(properties(Map.of("request.timeout.ms", "20000"))).close();
  }
}
