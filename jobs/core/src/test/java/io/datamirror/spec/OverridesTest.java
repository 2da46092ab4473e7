package io.datamirror.spec;

import static io.datamirror.spec.SecretText.Display.HIDDEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ProblemsException;
import io.datamirror.spec.testing.SampleSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {
  private static final String NEXT_STEP =
      " Write a path and a value, for example source.poll-interval=5s or"
          + " tables.regions.on-bad-row=stop.";

  @Test
  void aValueIsReplacedByItsPath() {
    assertThat(read("source.url", "jdbc:h2:mem:x").source().url()).hasToString("jdbc:h2:mem:x");
  }

  @Test
  void aValueThatWasLeftOutIsAdded() {
    assertThat(read("source.poll-interval", "5s").source().pollInterval())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(read("defaults.tie", "upsert-wins").tables().get(0).tie())
        .isEqualTo(TieRule.UPSERT_WINS);
  }

  @Test
  void aTableIsFoundByItsName() {
    TableSpec table = read("tables.orders.primary-key", "[id, line]").tables().get(0);

    assertThat(table.primaryKey()).containsExactly("id", "line");
  }

  @Test
  void whatIsWrongWithAValueIsReportedWithoutALine() {
    assertProblem(
        "source.settle",
        "5",
        "MIRROR-1005 source.settle: \"5\" has no unit. Write a whole number and ms, s, m, h or d,"
            + " for example 30s.");
    assertProblem(
        "source.setle",
        "5s",
        "MIRROR-1002 source.setle: this key does not exist. Did you mean settle?");
  }

  @Test
  void aTableThatDoesNotExistIsNamed() {
    assertProblem(
        "tables.lines.tie",
        "upsert-wins",
        "MIRROR-1016 tables.lines.tie: there is no \"lines\" in the spec." + NEXT_STEP);
  }

  @Test
  void aPathThroughATextIsRefused() {
    assertProblem(
        "mirror.x", "y", "MIRROR-1016 mirror.x: there is no \"x\" in the spec." + NEXT_STEP);
  }

  @Test
  void whatIsNoValueOrNoPathIsRefused() {
    assertProblem("mirror", "[canary", "MIRROR-1016 mirror: this cannot be set." + NEXT_STEP);
    assertProblem("source..url", "x", "MIRROR-1016 source..url: this cannot be set." + NEXT_STEP);
  }

  @Test
  void aSecretIsTakenAsAReferenceOnly() {
    assertProblem(
        "source.password",
        "canary",
        "MIRROR-1016 source.password: a secret is given as an argument, which every user of the"
            + " machine can see. Give a reference, ${env:NAME} or ${file:/path}.");
    assertThat(read("source.password", "${env:PW}").source().password()).hasToString("${env:PW}");
  }

  @Test
  void aKeyOfADriverOrACatalogMayHaveDots() {
    assertThat(read("source.properties.sasl.mechanism", "PLAIN").source().properties())
        .containsEntry("sasl.mechanism", SecretText.parse("PLAIN", HIDDEN).orElseThrow());
    assertThat(
            read("lake.catalog.jdbc.password", "${env:PW}").lake().catalog().get("jdbc.password"))
        .hasToString("${env:PW}");
    assertThat(read("source.properties.sasl.jaas.config", "${env:JAAS}").source().properties())
        .containsKey("sasl.jaas.config");
    assertThat(
            read(
                    "source.properties.sasl.jaas.config",
                    "org.example.Login required username=\"a\" password=\"${env:PW}\";")
                .source()
                .properties())
        .containsKey("sasl.jaas.config");
  }

  @Test
  void aTableMayBeCalledLikeAKeyWhoseOwnKeysHaveDots() {
    MirrorSpec spec =
        SpecReader.read(
            "a.yaml",
            SampleSpec.CORRECT.with("name: orders", "name: catalog").text(),
            Map.of("tables.catalog.columns.rename.id", "key"));

    assertThat(spec.tables().get(0).columns().rename()).containsEntry("id", "key");
  }

  @Test
  void aSecretIsFoundInsideAValueToo() {
    Map<String, String> secrets =
        Map.of(
            "source.properties", "{ sslmode: require, password: canary }",
            "source", "{ type: jdbc, properties: { ssl.key.password: canary } }",
            "source.password", "{ canary: x }",
            "source.properties.ssl.keystore.password", "canary",
            "source.properties.sasl.jaas.config", "Login required password=\"canary\";",
            "lake.catalog", "{ type: rest, uri: \"http://c\", header.Authorization: canary }");

    secrets.forEach(
        (path, value) ->
            assertThatThrownBy(() -> read(path, value))
                .as(path)
                .hasMessageStartingWith(
                    "MIRROR-1016 " + path + ": a secret is given as an argument")
                .hasMessageNotContaining("canary"));
    assertThat(read("source.properties", "{ password: \"${env:PW}\" }").source().properties())
        .containsKey("password");
  }

  @Test
  void aPasswordThatIsNoYamlIsStillASecret() {
    assertThatThrownBy(() -> read("source.password", "@canary[")).hasMessageContaining("a secret");
  }

  @Test
  void aColumnThatIsCalledLikeASecretIsNone() {
    assertThat(read("tables.orders.columns.rename.token", "key").tables().get(0).columns().rename())
        .containsEntry("token", "key");
    assertThat(
            read("tables.orders.columns", "{ cast: { password: string } }")
                .tables()
                .get(0)
                .columns()
                .cast())
        .containsKey("password");
  }

  private static MirrorSpec read(String path, String value) {
    return SpecReader.read("a.yaml", SampleSpec.CORRECT.text(), Map.of(path, value));
  }

  private static void assertProblem(String path, String value, String expected) {
    assertThatThrownBy(() -> read(path, value))
        .isInstanceOf(ProblemsException.class)
        .hasMessage(expected + "\n1 problem in a.yaml");
  }
}
