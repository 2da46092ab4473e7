package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import io.datamirror.spec.SecretText.Display;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Mappings whose keys are the user's own.
 *
 * @param reader reads one value; null once what is wrong with it has been reported
 */
record MappingType<T>(
    String title, Map<String, Object> valueSchema, BiFunction<String, Where, T> reader)
    implements ValueType<Map<String, T>> {
  /** YAML's single values: what is not quoted may look like a number to an editor. */
  static final List<String> SCALARS = List.of("string", "number", "boolean");

  /** Takes one key of a mapping. */
  @FunctionalInterface
  interface Taker {
    void take(String key, String text, Where where);
  }

  @Override
  public Map<String, T> read(YamlNode node, Where where) {
    Map<String, T> values = new LinkedHashMap<>();
    forEach(
        node,
        where,
        (key, text, place) -> {
          T value = reader.apply(text, place);
          if (value != null) {
            values.put(key, value);
          }
        });
    return values;
  }

  /** Gives each key with its text, and reports whatever has none. */
  static void forEach(YamlNode node, Where where, Taker taker) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      where.report(
          ErrorCode.BAD_VALUE,
          "here stands " + node.kind() + " where a mapping must be",
          "Write it as { key: value }.");
      return;
    }
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              Where place = where.key(key, entry.line());
              if (entry.value() instanceof YamlNode.Scalar scalar) {
                taker.take(key, scalar.absent() ? "" : scalar.text(), place);
              } else {
                place.report(
                    ErrorCode.BAD_VALUE,
                    "here stands " + entry.value().kind() + " where a text must be",
                    "Write one text.");
              }
            });
  }

  @Override
  public Map<String, Object> schema() {
    return SpecSchema.object("type", "object", "additionalProperties", valueSchema);
  }

  @Override
  public Display display(String path) {
    return Display.WHOLE;
  }
}
