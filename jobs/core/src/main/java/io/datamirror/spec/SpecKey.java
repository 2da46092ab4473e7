package io.datamirror.spec;

import java.util.List;

/**
 * All that is known of one key: the reader, the JSON Schema and the reference are made from it.
 *
 * @param defaultText the default as it would stand in the spec; null if there is none
 * @param example a value as it would stand in the spec
 * @param otherNames what people who come from elsewhere call it, for the next step
 */
record SpecKey<T>(
    String name,
    ValueType<T> type,
    Presence presence,
    String defaultText,
    String example,
    String description,
    List<String> otherNames) {

  /** Whether a key must be there. */
  enum Presence {
    REQUIRED,
    OPTIONAL
  }

  static <T> SpecKey<T> required(
      String name, ValueType<T> type, String example, String description) {
    return new SpecKey<>(name, type, Presence.REQUIRED, null, example, description, List.of());
  }

  static <T> SpecKey<T> optional(
      String name, ValueType<T> type, String example, String description) {
    return new SpecKey<>(name, type, Presence.OPTIONAL, null, example, description, List.of());
  }

  SpecKey<T> byDefault(String text) {
    return new SpecKey<>(name, type, presence, text, example, description, otherNames);
  }

  SpecKey<T> alsoCalled(String... names) {
    return new SpecKey<>(name, type, presence, defaultText, example, description, List.of(names));
  }

  /** The key with its example, as one line of YAML. */
  String exampleLine() {
    return name + ": " + example;
  }
}
