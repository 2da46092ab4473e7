package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CsvTest {

  @Test
  void plain_fields_stand_as_they_are() {
    assertThat(Csv.line(Arrays.asList("id", "1", "Zürich 東京"))).isEqualTo("id,1,Zürich 東京");
  }

  @Test
  void null_is_an_empty_field_and_the_empty_text_is_quoted() {
    assertThat(Csv.line(Arrays.asList(null, "", "x"))).isEqualTo(",\"\",x");
  }

  @Test
  void commas_quotes_and_line_breaks_are_quoted() {
    assertThat(Csv.line(Arrays.asList("a,b", "say \"hi\"", "1\n2", "1\r2")))
        .isEqualTo("\"a,b\",\"say \"\"hi\"\"\",\"1\n2\",\"1\r2\"");
  }

  @Test
  void a_record_of_one_null_is_an_empty_line() {
    assertThat(Csv.line(Arrays.asList((String) null))).isEmpty();
  }
}
