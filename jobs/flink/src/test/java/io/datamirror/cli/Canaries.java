package io.datamirror.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Ten secrets of 24 random characters, and every form in which one of them might be told. */
final class Canaries {
  static final List<String> NAMES =
      List.of(
          "password",
          "url-query",
          "url-user-info",
          "rest-credential",
          "token",
          "header",
          "private-key",
          "passphrase",
          "s3-secret",
          "trust-store-password");

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 24;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, byte[]> forms = new LinkedHashMap<>();

  Canaries(long seed) {
    Random random = new Random(seed);
    for (String name : NAMES) {
      StringBuilder value = new StringBuilder();
      for (int i = 0; i < LENGTH; i++) {
        value.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      values.put(name, value.toString());
      forms.put(name, value.toString().getBytes(StandardCharsets.UTF_8));
      for (int offset = 0; offset < 3; offset++) {
        forms.put(name + " in base64 at " + offset, base64(value.toString(), offset));
      }
    }
  }

  /** What stands in the middle of any base64 text that holds the value {@code offset} bytes in. */
  private static byte[] base64(String value, int offset) {
    byte[] padded = ("x".repeat(offset) + value + "xxx").getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getEncoder().encodeToString(padded);
    return encoded.substring(4, 4 + LENGTH).getBytes(StandardCharsets.UTF_8);
  }

  String value(String name) {
    return values.get(name);
  }

  /** The names of the secrets that {@code text} tells. */
  List<String> in(String text) {
    return in(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The names of the secrets that {@code bytes} tell. */
  List<String> in(byte[] bytes) {
    List<String> found = new ArrayList<>();
    String haystack = new String(bytes, StandardCharsets.ISO_8859_1);
    forms.forEach(
        (name, form) -> {
          if (haystack.contains(new String(form, StandardCharsets.ISO_8859_1))) {
            found.add(name);
          }
        });
    return found;
  }

  @Override
  public String toString() {
    return Arrays.toString(values.keySet().toArray());
  }
}
