package io.datamirror.relate;

/** Text inside of XML and HTML: nothing of it is ever markup. */
final class Markup {

  private Markup() {}

  static String text(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(safe, point));
    return safe.toString();
  }

  private static void append(StringBuilder safe, int point) {
    switch (point) {
      case '&' -> safe.append("&amp;");
      case '<' -> safe.append("&lt;");
      case '>' -> safe.append("&gt;");
      case '"' -> safe.append("&quot;");
      case '\'' -> safe.append("&#39;");
      default -> {
        // XML knows no other control characters, and no half of a pair, not even escaped.
        boolean refused =
            Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
        if (refused || point == 0xFFFE || point == 0xFFFF) {
          safe.append(String.format("\\u%04x", point));
        } else {
          safe.appendCodePoint(point);
        }
      }
    }
  }
}
