package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.sql.Connection;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How Snowflake's driver is told who asks; what the secrets are, is told to nobody else. */
class SnowflakeLoginTest {

  private static final String TOKEN = "a-token-that-nobody-may-see";

  private SnowflakeTables warehouse;

  @BeforeEach
  void begin() throws Exception {
    warehouse = new SnowflakeTables();
  }

  @AfterEach
  void end() throws Exception {
    warehouse.close();
  }

  private SourceSpec source(String properties) {
    return SpecReader.read(
            warehouse
                .text("")
                .replace("  password: p\n", "")
                .replace("properties: {", "properties: { " + properties + ","))
        .source();
  }

  private JsonNode login(SourceSpec source, SecretSource secrets) throws Exception {
    try (Connection connection = Connections.to(source, secrets, text -> {}).open()) {
      assertThat(connection.isValid(5)).isTrue();
    }
    return warehouse.server.logins().get(warehouse.server.logins().size() - 1);
  }

  @Test
  void byKeyPair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    String secret = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    JsonNode login =
        login(source("private_key_base64: \"${env:SNOWFLAKE_KEY}\""), reference -> secret);
    assertThat(login.path("AUTHENTICATOR").asText()).isEqualTo("SNOWFLAKE_JWT");
    String[] token = login.path("TOKEN").asText().split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(pair.getPublic());
    signature.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(token[2]))).isTrue();
    JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token[1]));
    assertThat(claims.path("sub").asText()).isEqualTo("TEST.U");
  }

  @Test
  void byToken() throws Exception {
    JsonNode login =
        login(source("authenticator: oauth, token: \"${env:TOKEN}\""), reference -> TOKEN);
    assertThat(login.path("AUTHENTICATOR").asText()).isEqualToIgnoringCase("oauth");
    assertThat(login.path("TOKEN").asText()).isEqualTo(TOKEN);
  }

  @Test
  void sessionsAreInUtc() throws Exception {
    JsonNode login =
        login(source("authenticator: oauth, token: \"${env:TOKEN}\""), reference -> TOKEN);
    assertThat(login.path("SESSION_PARAMETERS").path("TIMEZONE").asText()).isEqualTo("UTC");
  }

  @Test
  void aSecretInTheUrlIsRefused() {
    assertThatThrownBy(
            () ->
                SpecReader.read(
                    warehouse
                        .text("")
                        .replace(
                            warehouse.server.url(),
                            "\"jdbc:snowflake://host/?token=" + TOKEN + "\"")))
        .satisfies(error -> assertThat(error.toString()).doesNotContain(TOKEN));
  }
}
