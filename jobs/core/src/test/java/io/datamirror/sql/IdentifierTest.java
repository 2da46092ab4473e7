package io.datamirror.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class IdentifierTest {

  @Test
  void doubles_the_quote_of_the_dialect() {
    assertThat(new Identifier("a\"b`c").quoted("\"")).isEqualTo("\"a\"\"b`c\"");
    assertThat(new Identifier("a\"b`c").quoted("`")).isEqualTo("`a\"b``c`");
  }

  @Test
  void refuses_what_no_database_can_name() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Identifier(""))
        .withMessage("a name is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Identifier("a\0b"))
        .withMessage("a name holds a NUL character");
  }
}
