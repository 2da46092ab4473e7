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

  @Property
  void tells_text_from_other_bytes_as_the_platform_does(@ForAll byte[] bytes) {
    assertThat(Utf8.valid(bytes, bytes.length)).isEqualTo(decodes(bytes));
  }

  @Example
  void knows_every_character_and_every_broken_form_of_one() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      byte[] bytes = Character.toString(point).getBytes(StandardCharsets.UTF_8);
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      assertThat(surrogate || Utf8.valid(bytes, bytes.length)).isTrue();
      assertThat(bytes.length > 1 && Utf8.valid(bytes, bytes.length - 1)).isFalse();
    }
    int[][] broken = {
      {0xC0, 0x80},
      {0xC1, 0xBF},
      {0xE0, 0x80, 0x80},
      {0xE0, 0x9F, 0xBF},
      {0xF0, 0x80, 0x80, 0x80},
      {0xED, 0xA0, 0x80},
      {0xED, 0xBF, 0xBF},
      {0xF4, 0x90, 0x80, 0x80},
      {0x80},
      {0xBF},
      {0xF8},
      {0xFF},
      {0xC3, 0x28},
      {0xE2, 0x82},
      {'a', 'b', 'c', 'd', 'e', 'f', 'g', 0xFF}
    };
    for (int[] form : broken) {
      byte[] bytes = new byte[form.length];
      for (int i = 0; i < form.length; i++) {
        bytes[i] = (byte) form[i];
      }
      assertThat(Utf8.valid(bytes, bytes.length)).as(Arrays.toString(form)).isFalse();
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      Utf8.decode(bytes);
      return true;
    } catch (BadValue e) {
      return false;
    }
  }
}
