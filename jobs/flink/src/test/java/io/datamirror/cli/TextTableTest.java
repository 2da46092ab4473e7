package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void numbers_stand_right_and_texts_left() {
    TextTable table =
        new TextTable("table", "rows", "seconds")
            .row("regions", 3_929L, "1.5")
            .row("runways", 46_902L, "12.0");

    assertThat(String.join("\n", table.lines()))
        .isEqualTo(
            """
            table      rows  seconds
            regions   3,929      1.5
            runways  46,902     12.0""");
  }

  @Test
  void what_is_unknown_is_a_dash() {
    assertThat(new TextTable("table", "lag").row("regions", null).lines())
        .containsExactly("table    lag", "regions    -");
  }
}
