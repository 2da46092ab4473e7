package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "30 s, PT30S",
    "5m, PT5M",
    "24h, PT24H",
    "7d, P7D",
    "0s, PT0S",
    "36500d, P36500D"
  })
  void aNumberAndAUnitAreADuration(String text, Duration expected) {
    assertThat(DurationText.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "30",
        "-5s",
        "1.5s",
        "30S",
        "30  s",
        " 30s",
        "30s ",
        "1h30m",
        "PT30S",
        "36501d",
        "999999999999d",
        "99999999999999999999s",
        "٣s"
      })
  void anythingElseIsNone(String text) {
    assertThat(DurationText.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"500ms", "30s", "5m", "23h", "7d", "0s", "1500ms", "90s", "36h"})
  void isWrittenAsItIsRead(String text) {
    assertThat(DurationText.format(DurationText.parse(text).orElseThrow())).isEqualTo(text);
  }

  @Test
  void isWrittenInTheGreatestUnitThatLeavesItWhole() {
    assertThat(DurationText.format(Duration.parse("PT48H"))).isEqualTo("2d");
    assertThat(DurationText.format(Duration.parse("PT120S"))).isEqualTo("2m");
  }
}
