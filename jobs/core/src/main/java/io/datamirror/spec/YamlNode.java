package io.datamirror.spec;

import java.util.List;
import java.util.Map;

/** YAML as a tree of texts that knows its lines, counted from 1; 0 where there is none. */
sealed interface YamlNode {
  int line();

  /**
   * One text.
   *
   * @param absent whether it is null, which means the same as leaving the key out
   */
  record Scalar(String text, boolean absent, int line) implements YamlNode {}

  record Sequence(List<YamlNode> items, int line) implements YamlNode {}

  /** Keys with their values, in the order of the text. */
  record Mapping(Map<String, Entry> entries, int line) implements YamlNode {}

  /**
   * The value of a key.
   *
   * @param line where the key stands
   */
  record Entry(YamlNode value, int line) {}

  /** What kind of node this is, for people. */
  default String kind() {
    if (this instanceof Mapping) {
      return "a mapping";
    }
    return this instanceof Sequence ? "a list" : "a single value";
  }

  default boolean isAbsent() {
    return this instanceof Scalar scalar && scalar.absent();
  }
}
