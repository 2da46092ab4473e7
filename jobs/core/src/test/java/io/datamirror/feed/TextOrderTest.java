package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class TextOrderTest {

  @Property
  void is_the_order_of_utf8_bytes(
      @ForAll @StringLength(max = 4) String left, @ForAll @StringLength(max = 4) String right) {
    String a = wellFormed(left);
    String b = wellFormed(right);
    int bytes =
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    assertThat(Integer.signum(TextOrder.byCodePoint(a, b))).isEqualTo(Integer.signum(bytes));
  }

  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
