package io.datamirror.sql;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The name of a table with its schema and catalog, where given. Each part is exact: nothing is
 * folded to upper or lower case.
 *
 * @param parts one to three parts, the table last
 */
public record TableName(List<Identifier> parts) implements Serializable {

  private static final int MOST_PARTS = 3;

  public TableName {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.size() > MOST_PARTS) {
      throw new IllegalArgumentException("a table name has one to three parts");
    }
  }

  /**
   * Reads {@code TABLE}, {@code SCHEMA.TABLE} or {@code CATALOG.SCHEMA.TABLE}. A part in double
   * quotes may hold any character; a double quote inside it is written twice.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static TableName parse(String text) {
    List<Identifier> parts = new ArrayList<>();
    int at = 0;
    do {
      int end = text.startsWith("\"", at) ? closingQuote(text, at) : plainEnd(text, at);
      parts.add(part(text.substring(at, end)));
      if (end < text.length() && text.charAt(end) != '.') {
        throw new IllegalArgumentException("after a quoted part comes a dot or the end");
      }
      at = end + 1;
    } while (at <= text.length());
    return new TableName(parts);
  }

  private static Identifier part(String text) {
    boolean quoted = text.startsWith("\"");
    return new Identifier(
        quoted ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text);
  }

  private static int plainEnd(String text, int start) {
    int dot = text.indexOf('.', start);
    return dot < 0 ? text.length() : dot;
  }

  private static int closingQuote(String text, int start) {
    int at = start + 1;
    while (at < text.length()) {
      if (text.charAt(at) == '"') {
        if (!text.startsWith("\"", at + 1)) {
          return at + 1;
        }
        at++;
      }
      at++;
    }
    throw new IllegalArgumentException("a quoted part has no closing quote");
  }

  /** The table's own name. */
  public Identifier table() {
    return parts.get(parts.size() - 1);
  }

  /** The schema's name, or null when it is not given. */
  public String schema() {
    return parts.size() < 2 ? null : parts.get(parts.size() - 2).name();
  }

  /** The catalog's name, or null when it is not given. */
  public String catalog() {
    return parts.size() < MOST_PARTS ? null : parts.get(0).name();
  }

  String quoted(String quote) {
    return parts.stream().map(part -> part.quoted(quote)).collect(Collectors.joining("."));
  }

  /** The name as {@link #parse} reads it, with quotes only where a part needs them. */
  @Override
  public String toString() {
    return parts.stream().map(TableName::shown).collect(Collectors.joining("."));
  }

  private static String shown(Identifier part) {
    boolean plain = !part.name().contains(".") && !part.name().contains("\"");
    return plain ? part.name() : part.quoted("\"");
  }
}
