package io.datamirror.spec;

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

  private static MirrorSpec read(String path, String value) {
    return SpecReader.read("a.yaml", SampleSpec.CORRECT.text(), Map.of(path, value));
  }

  private static void assertProblem(String path, String value, String expected) {
    assertThatThrownBy(() -> read(path, value))
        .isInstanceOf(ProblemsException.class)
        .hasMessage(expected + "\n1 problem in a.yaml");
  }
}
