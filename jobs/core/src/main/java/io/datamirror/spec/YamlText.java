package io.datamirror.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Writes YAML that is read back as it was. */
final class YamlText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Set<String> WORDS =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf");

  private YamlText() {}

  /** A text as a value, in quotes where it needs them. */
  static String scalar(String text) {
    boolean plain =
        PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT));
    if (plain || WHOLE_NUMBER.matcher(text).matches()) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(point -> append(quoted, point));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int point) {
    switch (point) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      default -> {
        switch (Character.getType(point)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.PRIVATE_USE,
              Character.UNASSIGNED ->
              quoted.append(String.format(point > 0xFFFF ? "\\U%08X" : "\\u%04X", point));
          default -> quoted.appendCodePoint(point);
        }
      }
    }
  }

  /** Several texts in brackets. */
  static String list(List<String> texts) {
    return "[" + String.join(", ", texts.stream().map(YamlText::scalar).toList()) + "]";
  }

  /** Keys with texts in braces. */
  static String mapping(Map<String, String> texts) {
    List<String> entries = new ArrayList<>();
    texts.forEach((key, text) -> entries.add(scalar(key) + ": " + scalar(text)));
    return "{ " + String.join(", ", entries) + " }";
  }

  /**
   * A tree, one key a line.
   *
   * @param value what to write for the text of a key; by the key's path
   */
  static List<String> lines(
      String path, YamlNode.Mapping mapping, BiFunction<String, String, String> value) {
    List<String> lines = new ArrayList<>();
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              String place = path.isEmpty() ? key : path + "." + key;
              YamlNode node = entry.value();
              if (node instanceof YamlNode.Scalar scalar) {
                String text = scalar.absent() ? "null" : scalar(value.apply(place, scalar.text()));
                lines.add(scalar(key) + ": " + text);
              } else if (node instanceof YamlNode.Mapping inner) {
                lines.add(scalar(key) + ":" + (inner.entries().isEmpty() ? " {}" : ""));
                lines(place, inner, value).forEach(line -> lines.add("  " + line));
              }
            });
    return lines;
  }
}
