package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.testing.SampleSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://u:canary@h/db",
        "jdbc:postgresql://h/db?user=u&password=canary",
        "jdbc:postgresql://h/db?PASSWORD=canary",
        "jdbc:postgresql://h/db?sslpassword=canary",
        "jdbc:postgresql://h/db?pass%77ord=canary",
        "jdbc:postgresql://h/db?password = canary",
        "jdbc:postgresql://u:can?ary@h/db",
        "jdbc:postgresql://u:${env:A}canary@h/db",
        "jdbc:h2:./x;USER=sa;PASSWORD=canary",
        "jdbc:mysql://address=(host=h)(password=canary)/db",
        "jdbc:sqlserver://h;trustStorePassword=canary",
        "jdbc:snowflake://h/?private_key_file_pwd=canary",
        "jdbc:snowflake://h/?token=canary",
        "jdbc:databricks://h;AuthMech=3;UID=token;PWD=canary",
        "jdbc:bigquery://h;OAuthAccessToken=canary",
        "jdbc:bigquery://h;OAuthClientSecret=canary",
        "jdbc:x://h?private_key=canary",
        "jdbc:x://h?apiKey=canary",
        "jdbc:oracle:thin:scott/canary@h:1521/x"
      })
  void aSecretInClearTextIsFoundAndNotRepeated(String url) {
    assertThat(SecretUrl.holdsSecret(url)).isTrue();
    assertThat(SampleSpec.CORRECT.with("jdbc:h2:./data/shop", '"' + url + '"').problems())
        .containsExactly(
            "MIRROR-1011 source.url (line 4): the URL holds a secret in clear text. Take it out of"
                + " the URL, and write it as password: or under properties: with ${env:NAME}.");
    assertThat(SecretUrl.shown(url)).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:./data/warehouse",
        "jdbc:h2:mem:x;MODE=PostgreSQL;DB_CLOSE_DELAY=-1",
        "jdbc:postgresql://localhost:5432/shop",
        "jdbc:postgresql://u@h:5432/shop?sslmode=require",
        "jdbc:postgresql://h/db?password=${env:PW}",
        "jdbc:postgresql://${env:U}:${env:P}@h/db",
        "jdbc:postgresql://h/db?password=",
        "jdbc:oracle:thin:@//h:1521/x",
        "jdbc:oracle:thin:@h:1521/x",
        "jdbc:sqlite:./lake/catalog.db",
        "${env:JDBC_URL}"
      })
  void aUrlWithoutOneIsTaken(String url) {
    assertThat(SecretUrl.holdsSecret(url)).isFalse();
    assertThat(SampleSpec.CORRECT.with("jdbc:h2:./data/shop", '"' + url + '"').problems())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:h2:./data/warehouse, jdbc:h2:./data/warehouse",
    "jdbc:h2:./x;MODE=PostgreSQL, jdbc:h2:./x;***",
    "jdbc:postgresql://h/db?x=y, jdbc:postgresql://h/db?***",
    "jdbc:postgresql://u@h/db, jdbc:postgresql://***@h/db",
    "jdbc:oracle:thin:a/b@h, jdbc:oracle:***@h",
    "s3://bucket/path, s3://bucket/path"
  })
  void isShownWithoutUserAndParameters(String url, String shown) {
    assertThat(SecretUrl.shown(url)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "sslpassword",
        "PWD",
        "passphrase",
        "client_secret",
        "token",
        "credential",
        "private_key",
        "privateKey",
        "api-key",
        "apikey",
        "s3.secret-access-key",
        "accountkey"
      })
  void theseNamesMeanSecrets(String name) {
    assertThat(SecretUrl.isSecretName(name.replace("api-key", "api_key"))).isTrue();
  }
}
