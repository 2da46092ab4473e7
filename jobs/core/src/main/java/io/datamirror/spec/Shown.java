package io.datamirror.spec;

/** Text of users in messages: short, and without anything that a terminal would obey. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  /** The text in double quotes. */
  static String quoted(String text) {
    return '"' + plain(text) + '"';
  }

  /** A key: what stands after a colon without its space is a value, and may be a secret. */
  static String key(String name) {
    int end = 0;
    while (end < name.length() && ":=".indexOf(name.charAt(end)) < 0) {
      end++;
    }
    return end == name.length() ? plain(name) : plain(name.substring(0, end)) + "...";
  }

  static String plain(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(character -> append(shown, character));
    if (text.codePointCount(0, text.length()) > LONGEST) {
      shown.append("...");
    }
    return shown.toString();
  }

  private static void append(StringBuilder shown, int character) {
    switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          shown.append(String.format("\\u%04X", character));
      default -> shown.appendCodePoint(character);
    }
  }
}
