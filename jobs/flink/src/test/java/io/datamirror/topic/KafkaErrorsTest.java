package io.datamirror.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.CredentialMemory;
import io.datamirror.spec.SecretReference;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.security.UnrecoverableKeyException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
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
    return said(failure, CredentialMemory.none());
  }

  private static String said(Exception failure, CredentialMemory memory) {
    Exception explained = KafkaErrors.explained(failure, "kafka:9092", memory);
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
  void credentials_that_never_worked_are_refused() {
    assertThat(said(refused(new SaslAuthenticationException("hidden"))))
        .startsWith(
            "MIRROR-2002 kafka:9092: Kafka refuses the credentials, with"
                + " SaslAuthenticationException.");
    assertThat(said(new SslAuthenticationException("hidden")))
        .startsWith("MIRROR-2002 kafka:9092: the TLS handshake with Kafka failed");
    assertThat(said(mismatchedStore()))
        .startsWith(
            "MIRROR-1004 kafka:9092: a store of keys or certificates cannot be opened, with"
                + " UnrecoverableKeyException.");
  }

  @Test
  void credentials_that_worked_before_were_replaced_and_are_tried_again() {
    CredentialMemory memory = CredentialMemory.shared();
    memory.answered();
    String replaced =
        "MIRROR-2084 kafka:9092: Kafka took these credentials before, and it or one of its brokers"
            + " refuses them now, with %s. Put new ones into the files that source.properties names,"
            + " or mend that broker's users or certificate; what is in the environment is seen only"
            + " by a process that is started again.";

    assertThat(said(refused(new SaslAuthenticationException("hidden")), memory))
        .isEqualTo(replaced.formatted("SaslAuthenticationException"));
    assertThat(said(new SslAuthenticationException("hidden"), memory))
        .isEqualTo(replaced.formatted("SslAuthenticationException"));
    assertThat(said(mismatchedStore(), memory))
        .isEqualTo(replaced.formatted("UnrecoverableKeyException"));
    assertThat(said(new TopicAuthorizationException("hidden"), memory))
        .startsWith("MIRROR-2004 kafka:9092: Kafka does not allow this user to read it");
  }

  @Test
  void a_secret_that_is_gone_for_a_moment_is_being_replaced() throws Exception {
    CredentialMemory memory = CredentialMemory.shared();
    MirrorException gone =
        new MirrorException(ErrorCode.MISSING_SECRET, "file", "it is not there", "Make it.");
    AtomicReference<RuntimeException> refusal = new AtomicReference<>(gone);
    SecretSource secrets =
        reference -> {
          if (refusal.get() != null) {
            throw refusal.get();
          }
          return "login";
        };
    SourceSpec source = source();
    assertThatThrownBy(() -> TopicClient.connect(source, secrets, memory)).isSameAs(gone);
    refusal.set(null);
    TopicClient client = TopicClient.of(TopicClient.connect(source, secrets, memory));
    client.answered();

    refusal.set(gone);

    String replaced = "MIRROR-2084 localhost:1: Kafka took these credentials before";
    assertThatThrownBy(client::consumer)
        .hasMessage(
            replaced
                + ", and now they cannot be looked up: file: it is not there (MIRROR-1012). Make it.");
    assertThatThrownBy(() -> TopicClient.connect(source, secrets, memory))
        .hasMessageStartingWith(replaced);
  }

  /** The admin client's way to say it; a consumer throws it itself. */
  private static Exception refused(AuthenticationException refusal) {
    return new ExecutionException(refusal);
  }

  private static Exception mismatchedStore() {
    IOException store = new IOException("hidden", new UnrecoverableKeyException("hidden"));
    return new KafkaException("Failed to load SSL keystore", store);
  }

  @Test
  void clients_that_take_the_place_of_another_remember_and_look_secrets_up_again()
      throws Exception {
    List<SecretReference> asked = new ArrayList<>();
    CredentialMemory memory = CredentialMemory.shared();
    AuthenticationException refusal = new SaslAuthenticationException("hidden");

    TopicClient first = client(asked, memory);
    assertThatThrownBy(() -> first.thrown(refusal, "kafka")).hasMessageStartingWith("MIRROR-2002");
    first.answered();
    first.close();
    TopicClient second = client(asked, memory);
    assertThatThrownBy(() -> second.thrown(refusal, "kafka")).hasMessageStartingWith("MIRROR-2084");
    TopicClient other = client(asked, CredentialMemory.none());
    other.answered();
    assertThatThrownBy(() -> other.thrown(refusal, "kafka")).hasMessageStartingWith("MIRROR-2002");

    assertThat(asked).hasSize(3);
  }

  @Test
  void a_client_that_cannot_be_made_is_told_like_one_that_is_asked() throws Exception {
    List<SecretReference> asked = new ArrayList<>();
    CredentialMemory memory = CredentialMemory.shared();
    TopicClient client = client(asked, memory);

    assertThatThrownBy(client::consumer)
        .hasMessageStartingWith(
            "MIRROR-1004 localhost:1: a store of keys or certificates cannot be");
    memory.answered();
    assertThatThrownBy(client::consumer).hasMessageStartingWith("MIRROR-2084 localhost:1");

    assertThat(asked).as("secrets of the connection and of each client").hasSize(3);
  }

  private static TopicClient client(List<SecretReference> asked, CredentialMemory memory)
      throws SQLException {
    SecretSource secrets =
        reference -> {
          asked.add(reference);
          return "login";
        };
    return TopicClient.of(TopicClient.connect(source(), secrets, memory));
  }

  private static SourceSpec source() {
    return SpecReader.read(
            """
                mirror: mirror
                source:
                  type: kafka
                  bootstrap-servers: localhost:1
                  properties:
                    security.protocol: SSL
                    ssl.keystore.location: /no/such/store
                    ssl.keystore.password: "${file:/run/secrets/store}"
                lake: { catalog: { type: jdbc, uri: "jdbc:sqlite:c.db", warehouse: w }, namespace: n }
                tables:
                  - name: items
                    feed: records
                    format: json
                    source: items
                    primary-key: [id]
                    schema: { id: long }
                """)
        .source();
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
