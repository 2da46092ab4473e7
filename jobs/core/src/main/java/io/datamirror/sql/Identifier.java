package io.datamirror.sql;

import java.io.Serializable;

/**
 * The exact name of a table, schema or column, as the database stores it. Any text is a name, but
 * the empty one and one with a NUL, which no database can hold and some cut the statement at.
 */
public record Identifier(String name) implements Serializable {

  public Identifier {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a name is empty");
    }
    if (name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name holds a NUL character");
    }
  }

  /** The name between {@code quote}s, with each quote inside it doubled. */
  String quoted(String quote) {
    return quote + name.replace(quote, quote + quote) + quote;
  }

  @Override
  public String toString() {
    return name;
  }
}
