package io.datamirror.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyIdTest {

  private static final int TABLE = 7;

  @Property(tries = 5_000)
  void short_keys_are_equal_exactly_when_their_bytes_are(
      @ForAll @Size(max = KeyId.EXACT_BYTES) byte[] left,
      @ForAll @Size(max = KeyId.EXACT_BYTES) byte[] right) {
    assertThat(of(left).equals(of(right))).isEqualTo(Arrays.equals(left, right));
    assertThat(of(left)).isEqualTo(of(left.clone())).hasSameHashCodeAs(of(left.clone()));
  }

  @Property
  void a_short_key_is_never_a_key_with_zeros_behind_it(
      @ForAll @Size(max = KeyId.EXACT_BYTES - 1) byte[] bytes) {
    assertThat(of(Arrays.copyOf(bytes, bytes.length + 1))).isNotEqualTo(of(bytes));
  }

  @Property
  void long_keys_never_meet_short_ones(
      @ForAll @Size(min = KeyId.EXACT_BYTES + 1, max = 200) byte[] longer,
      @ForAll @Size(max = KeyId.EXACT_BYTES) byte[] shorter) {
    assertThat(of(longer)).isNotEqualTo(of(shorter));
  }

  @Property
  void long_keys_differ_when_their_bytes_do(
      @ForAll @Size(min = KeyId.EXACT_BYTES + 1, max = 64) byte[] left,
      @ForAll @Size(min = KeyId.EXACT_BYTES + 1, max = 64) byte[] right) {
    assertThat(of(left).equals(of(right))).isEqualTo(Arrays.equals(left, right));
  }

  @Property
  void the_same_key_of_two_tables_is_two_keys(@ForAll @Size(max = 40) byte[] bytes) {
    assertThat(KeyId.of(1, bytes, bytes.length)).isNotEqualTo(KeyId.of(2, bytes, bytes.length));
  }

  @Property
  void its_bytes_tell_it_back(@ForAll int table, @ForAll long high, @ForAll long low) {
    KeyId key = new KeyId(table, high, low);
    assertThat(key.toBytes()).hasSize(16);
    assertThat(KeyId.fromBytes(table, key.toBytes())).isEqualTo(key);
  }

  @Property
  void only_the_bytes_up_to_the_length_count(@ForAll @Size(max = 40) byte[] bytes) {
    byte[] buffer = Arrays.copyOf(bytes, bytes.length + 30);
    Arrays.fill(buffer, bytes.length, buffer.length, (byte) 0x5A);
    assertThat(KeyId.of(TABLE, buffer, bytes.length)).isEqualTo(of(bytes));
  }

  @Test
  void many_long_keys_are_as_many_identities() {
    Set<KeyId> keys = new HashSet<>();
    for (int i = 0; i < 300_000; i++) {
      keys.add(of(("a-key-of-some-length-" + i).getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(keys).hasSize(300_000);
  }

  @Test
  void identities_stay_what_they_are() {
    assertThat(hex(of(new byte[0]))).isEqualTo("00000000000000000000000000000000");
    assertThat(hex(of(new byte[] {1, 2, 3}))).isEqualTo("03010203000000000000000000000000");
    byte[] fifteen = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    assertThat(hex(of(fifteen))).isEqualTo("0f0102030405060708090a0b0c0d0e0f");
    byte[] text = "sixteen bytes !!".getBytes(StandardCharsets.UTF_8);
    assertThat(hex(of(text))).isEqualTo("ffbd14c3508f2b078516feeb102a340c");
    assertThat(KeyId.tableNumber("airports")).isEqualTo(0xD9903AC9);
    assertThat(KeyId.tableNumber("länder")).isEqualTo(0x8366B32C);
  }

  private static KeyId of(byte[] bytes) {
    return KeyId.of(TABLE, bytes, bytes.length);
  }

  private static String hex(KeyId key) {
    return HexFormat.of().formatHex(key.toBytes());
  }
}
