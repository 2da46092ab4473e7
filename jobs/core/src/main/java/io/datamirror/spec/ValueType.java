package io.datamirror.spec;

import io.datamirror.spec.SecretText.Display;
import java.util.Map;

/** What kind of value a key takes: how it is read, and how it is told to people and editors. */
interface ValueType<T> {
  /** The value; null once what is wrong with it has been reported. */
  T read(YamlNode node, Where where);

  /** The kind in a few words. */
  String title();

  /** The JSON Schema of it. */
  Map<String, Object> schema();

  /**
   * How much of a value may be shown: nothing, unless a type says otherwise.
   *
   * @param path the keys within the value with dots between; empty for the value itself
   */
  default Display display(String path) {
    return Display.HIDDEN;
  }
}
