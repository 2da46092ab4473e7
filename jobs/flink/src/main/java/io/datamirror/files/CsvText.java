package io.datamirror.files;

import io.datamirror.record.BadRecord;
import java.util.ArrayList;
import java.util.List;

/** One row of comma-separated values. */
final class CsvText {

  private final String text;
  private int at;

  private CsvText(String text) {
    this.text = text;
  }

  private enum At {
    START_OF_VALUE,
    PLAIN_VALUE,
    QUOTED_VALUE,
    /** Behind a quote in a quoted value: it ends the value, or is the first of two. */
    QUOTE_IN_QUOTED
  }

  /**
   * Whether a value of the first line of a row goes on in the next. A quote opens a value only at
   * its start: one inside a value without quotes makes its row a bad one, and swallows no other.
   */
  static boolean opensValue(byte[] line) {
    return end(line, At.START_OF_VALUE) == At.QUOTED_VALUE;
  }

  /** Whether a value goes on from a line, in which it or another goes on, to the next. */
  static boolean leavesValueOpen(byte[] line) {
    return end(line, At.QUOTED_VALUE) == At.QUOTED_VALUE;
  }

  private static At end(byte[] line, At start) {
    At at = start;
    for (byte letter : line) {
      at =
          switch (at) {
            case START_OF_VALUE, QUOTE_IN_QUOTED ->
                letter == '"'
                    ? At.QUOTED_VALUE
                    : letter == ',' ? At.START_OF_VALUE : At.PLAIN_VALUE;
            case PLAIN_VALUE -> letter == ',' ? At.START_OF_VALUE : At.PLAIN_VALUE;
            case QUOTED_VALUE -> letter == '"' ? At.QUOTE_IN_QUOTED : At.QUOTED_VALUE;
          };
    }
    return at;
  }

  /** The values of a row; null for those that are empty and not between quotes. */
  static List<String> values(String text) throws BadRecord {
    CsvText csv = new CsvText(text);
    List<String> values = new ArrayList<>();
    do {
      values.add(csv.value());
    } while (csv.comma());
    return values;
  }

  private boolean comma() {
    return at++ < text.length();
  }

  private String value() throws BadRecord {
    return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
  }

  private String plain() throws BadRecord {
    int comma = text.indexOf(',', at);
    String value = text.substring(at, comma < 0 ? text.length() : comma);
    if (value.indexOf('"') >= 0) {
      throw new BadRecord("a quote stands inside a value that has none around it");
    }
    at += value.length();
    return value.isEmpty() ? null : value;
  }

  private String quoted() throws BadRecord {
    StringBuilder value = new StringBuilder();
    while (true) {
      int quote = text.indexOf('"', at + 1);
      if (quote < 0) {
        throw new BadRecord("a quote is not closed");
      }
      value.append(text, at + 1, quote);
      at = quote + 1;
      if (at == text.length() || text.charAt(at) == ',') {
        return value.toString();
      }
      if (text.charAt(at) != '"') {
        throw new BadRecord("something stands between a closing quote and the comma");
      }
      value.append('"');
    }
  }
}
