package io.datamirror.cli;

import java.util.List;
import java.util.stream.Collectors;

/**
 * CSV as RFC 4180 has it, except that lines end as lines of text do; NULL and the empty text
 * differ.
 */
final class Csv {

  private Csv() {}

  /** One record; null is an empty field, the empty text is {@code ""}. */
  static String line(List<String> fields) {
    return fields.stream().map(Csv::field).collect(Collectors.joining(","));
  }

  private static String field(String text) {
    if (text == null) {
      return "";
    }
    boolean quoted = text.isEmpty() || text.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0);
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
