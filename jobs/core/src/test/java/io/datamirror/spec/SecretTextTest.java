package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.error.testing.Serialized;
import io.datamirror.spec.SecretText.Display;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTextTest {
  private static final String CANARY = "canary-1f8e2c";
  private static final SecretSource SECRETS =
      reference -> Map.of("USER", "scott", "/run/pw", CANARY).get(reference.name());

  @Test
  void referencesAreReplacedInTheirPlaces() {
    assertThat(secret("a ${env:USER}:${file:/run/pw} b").resolve(SECRETS))
        .isEqualTo("a scott:" + CANARY + " b");
  }

  @Test
  void textWithoutReferencesIsItself() {
    SecretText text = SecretText.of("plain");

    assertThat(text.hasReference()).isFalse();
    assertThat(text.resolve(SECRETS)).isEqualTo("plain");
    assertThat(text).hasToString("plain");
  }

  @Test
  void twoDollarSignsArePlainText() {
    SecretText text = secret("a$${env:USER}$b");

    assertThat(text.hasReference()).isFalse();
    assertThat(text.resolve(SECRETS)).isEqualTo("a${env:USER}$b");
  }

  @Test
  void anotherLiteralIsShownNoMoreThanTheOneBefore() {
    SecretText url = SecretText.parse("x://u@h/$${a}?p=" + CANARY, Display.URL).orElseThrow();

    SecretText mapped = url.mapped(text -> text.replace("h/", "other/"));

    assertThat(mapped.resolve(SECRETS)).isEqualTo("x://u@other/${a}?p=" + CANARY);
    assertThat(mapped.toString()).contains("other").doesNotContain(CANARY);
  }

  @Test
  void whatRefersToSecretsKeepsItsText() {
    SecretText text = secret("./${env:USER}");

    assertThat(text.mapped(literal -> "/elsewhere")).isEqualTo(text);
  }

  @Test
  void whatASecretHoldsIsNotLookedAtAgain() {
    assertThat(secret("${env:X}").resolve(reference -> "${env:USER}")).isEqualTo("${env:USER}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${USER}",
        "${env:}",
        "${env:A B}",
        "${env:1A}",
        "${vault:x}",
        "${env:USER",
        "${",
        "${}",
        "${file:}",
        "x${ENV:USER}"
      })
  void whatOnlyBeginsLikeAReferenceIsRefused(String text) {
    assertThat(SecretText.parse(text, Display.WHOLE)).isEmpty();
  }

  @Test
  void aHiddenTextShowsItsReferencesOnly() {
    assertThat(secret(CANARY)).hasToString("***");
    assertThat(secret("${env:USER}")).hasToString("${env:USER}");
    assertThat(secret(CANARY + "${file:/run/pw}")).hasToString("***${file:/run/pw}");
  }

  @Test
  void theValueOfAReferenceDoesNotTravel() {
    SecretText text = secret("${file:/run/pw}");
    assertThat(text.resolve(SECRETS)).isEqualTo(CANARY);

    byte[] bytes = Serialized.bytesOf(text);

    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain(CANARY);
    assertThat(Serialized.copyOf(text)).isEqualTo(text).hasSameHashCodeAs(text);
  }

  private static SecretText secret(String text) {
    return SecretText.parse(text, Display.HIDDEN).orElseThrow();
  }
}
