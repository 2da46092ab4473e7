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

  /** Whether a line has an odd number of quotes: a value that it opens, or closes, is not whole. */
  static boolean open(byte[] line) {
    boolean open = false;
    for (byte letter : line) {
      open ^= letter == '"';
    }
    return open;
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
