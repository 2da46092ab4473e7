package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class Utf8Test {

  private final Utf8 utf8 = new Utf8();

  @Property
  void encodes_as_the_platform_does(@ForAll String text) throws BadValue {
    String wellFormed =
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8) + "\0é漢🦉";

    utf8.encode(wellFormed);

    assertThat(Arrays.copyOf(utf8.bytes(), utf8.length()))
        .isEqualTo(wellFormed.getBytes(StandardCharsets.UTF_8));
  }

  @Example
  void refuses_a_surrogate_that_stands_alone() {
    for (String text : new String[] {"ab\uD83E", "ab\uDD89", "ab\uDD89\uD83E", "ab\uD83Ex"}) {
      assertThatThrownBy(() -> utf8.encode(text))
          .isInstanceOf(BadValue.class)
          .hasMessage("a surrogate stands alone at character 3");
    }
  }

  @Example
  void decodes_only_what_is_utf8() throws BadValue {
    assertThat(Utf8.decode("né🦉".getBytes(StandardCharsets.UTF_8))).isEqualTo("né🦉");
    assertThatThrownBy(() -> Utf8.decode(new byte[] {'a', (byte) 0xFF}))
        .hasMessage("its bytes are not UTF-8");
    assertThatThrownBy(() -> Utf8.decode(new byte[] {(byte) 0xC0, (byte) 0x80}))
        .hasMessage("its bytes are not UTF-8");
  }
}
