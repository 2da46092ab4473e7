package io.datamirror.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A decimal that comes as a whole number is the decimal that comes as an object. */
class UnscaledDecimalTest {

  @Property
  void keys_and_ranks_are_the_same(@ForAll long unscaled) {
    OrderedBytes number = new OrderedBytes();
    number.writeUnscaled(unscaled);
    OrderedBytes object = new OrderedBytes();
    object.writeDecimal(BigDecimal.valueOf(unscaled, 4));
    assertThat(number.copy()).isEqualTo(object.copy());
  }

  @Property
  void hashes_are_the_same(@ForAll long unscaled) {
    for (long value :
        new long[] {unscaled, unscaled >> 31, unscaled >> 48, unscaled >> 56, 0, -1}) {
      ContentHash number = new ContentHash();
      number.addUnscaled(3, value);
      ContentHash object = new ContentHash();
      object.addDecimal(3, BigDecimal.valueOf(value, 2));
      assertThat(number.value()).as("%d", value).isEqualTo(object.value());
    }
  }
}
