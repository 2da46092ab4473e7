package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ProblemsException;
import io.datamirror.spec.testing.SampleSpec;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No secret of a spec comes out of reading it, however broken the spec is. */
class SpecCanariesTest {
  private static final String CANARY = "Kx7QzW9vLm2RtY5uPq8sN3dF";
  private static final SampleSpec WITH_SECRETS =
      SampleSpec.CORRECT
          .with(
              "  url:",
              """
              poll-interval: 30s
              password: %1$s
              fetch-size: 100
              properties: { sslpassword: %1$s, private_key: %1$s, x: "%1$s" }
              url:\
              """
                  .indent(2)
                  .stripTrailing()
                  .replace("    ", "  ")
                  .formatted(CANARY))
          .with(
              "warehouse: ./lake }",
              "warehouse: ./lake, credential: "
                  + CANARY
                  + ", header.Authorization: "
                  + CANARY
                  + " }");

  @Test
  void aCorrectSpecDoesNotShowThem() {
    MirrorSpec spec = WITH_SECRETS.read();

    assertThat(spec.source().password().resolve(reference -> "")).isEqualTo(CANARY);
    assertThat(spec.source().properties()).hasSize(3);
    assertThat(spec.toString()).doesNotContain(CANARY).contains("***");
  }

  @Test
  void aSpoiltSpecDoesNotShowThem() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      String text = spoilt(WITH_SECRETS.text(), random);
      try {
        SpecReader.read(text);
      } catch (ProblemsException e) {
        refused++;
        assertThat(e.toString()).as("seed %d, text:%n%s", seed, text).doesNotContain(CANARY);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text:\n" + text, e);
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(2_500);
  }

  @Test
  void a_password_whose_colon_and_line_end_got_lost_is_no_part_of_a_key_that_is_shown() {
    String spoilt = WITH_SECRETS.text().replaceFirst("password: (\\w+)\\n", "password& $1  ");
    assertThatThrownBy(() -> SpecReader.read(spoilt))
        .hasMessageContaining("MIRROR-1002 source.password&... (line 5): this key does not exist")
        .hasMessageNotContaining(CANARY);
  }

  /** One to three characters are dropped, doubled or replaced by one that means something. */
  private static String spoilt(String text, Random random) {
    StringBuilder spoilt = new StringBuilder(text);
    String meaning = ":-[]{},#&*!|>'\"%@` \n\t\\?$/";
    for (int change = random.nextInt(3); change >= 0; change--) {
      int place = random.nextInt(spoilt.length());
      switch (random.nextInt(3)) {
        case 0 -> spoilt.deleteCharAt(place);
        case 1 -> spoilt.insert(place, meaning.charAt(random.nextInt(meaning.length())));
        default -> spoilt.setCharAt(place, meaning.charAt(random.nextInt(meaning.length())));
      }
    }
    return spoilt.toString();
  }
}
