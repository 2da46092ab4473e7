package io.datamirror.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of users in messages: short, and without anything that a terminal would obey. */
final class Shown {
  private static final int LONGEST = 60;

  // So short a text is a value of ours mistyped.
  private static final int NO_SECRET = 5;
  private static final Pattern FIRST_WORDS =
      Pattern.compile("[^\\s:=]{0,30}(?:\\s{1,3}[^\\s:=]{1,12}(?=[\\s:=]|$))?");

  private Shown() {}

  /** The text in double quotes. */
  static String quoted(String text) {
    return '"' + plain(text) + '"';
  }

  /**
   * A wrong value, in double quotes: its first two words, up to a colon. A line end or a colon that
   * got lost makes a secret part of the value before it.
   */
  static String value(String text) {
    Matcher words = FIRST_WORDS.matcher(text);
    String first = words.lookingAt() ? words.group() : "";
    boolean whole = first.length() == text.length() || text.length() <= NO_SECRET;
    return quoted(whole ? text : first + "...");
  }

  /**
   * A key: what stands after a colon without its space is a value, and may be a secret. So may what
   * stands after a space: a colon that got lost makes the value and the next key part of this one.
   */
  static String key(String name) {
    int end = 0;
    while (end < name.length() && ":= \t\n\r".indexOf(name.charAt(end)) < 0) {
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
