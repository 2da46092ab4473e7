package io.datamirror.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {

  private static List<String> parts(String text) {
    return TableName.parse(text).parts().stream().map(Identifier::name).toList();
  }

  @Test
  void reads_plain_and_quoted_parts_exactly() {
    assertThat(parts("T")).containsExactly("T");
    assertThat(parts("Public.Orders")).containsExactly("Public", "Orders");
    assertThat(parts("\"odd.name\".\"T\"")).containsExactly("odd.name", "T");
    assertThat(parts("c.\"a\"\"b\".t")).containsExactly("c", "a\"b", "t");
    assertThat(parts("a\"b")).containsExactly("a\"b");
    assertThat(parts(" x .y")).containsExactly(" x ", "y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"T", "s.T", "c.s.T", "\"a.b\".T", "\"\"\"\"", "\"x\"\"\".\".\"", "a b"})
  void shows_a_name_as_it_can_be_read_again(String text) {
    TableName name = TableName.parse(text);

    assertThat(TableName.parse(name.toString())).isEqualTo(name);
  }

  @Test
  void quotes_each_part() {
    assertThat(TableName.parse("a.\"b\"\"c\"").quoted("\"")).isEqualTo("\"a\".\"b\"\"c\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "\"\"", "a.b.c.d", "a\0"})
  void refuses_what_is_no_name(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> TableName.parse(text));
  }
}
