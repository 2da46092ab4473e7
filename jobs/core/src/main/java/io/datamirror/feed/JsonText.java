package io.datamirror.feed;

import java.util.regex.Pattern;

/** Writes one JSON object, value by value. */
final class JsonText {

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  private final StringBuilder text = new StringBuilder("{");

  JsonText name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    string(name);
    text.append(':');
    return this;
  }

  JsonText nothing() {
    text.append("null");
    return this;
  }

  /** A number, a boolean, or, if {@code value} is neither, a string. */
  JsonText plain(String value) {
    boolean bare = value.equals("true") || value.equals("false") || NUMBER.matcher(value).matches();
    if (bare) {
      text.append(value);
      return this;
    }
    return string(value);
  }

  /** A string: control characters and lone surrogates are escaped, so that none is lost. */
  JsonText string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || loneSurrogate(value, i)) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
    return this;
  }

  private static boolean loneSurrogate(String value, int index) {
    char c = value.charAt(index);
    if (Character.isHighSurrogate(c)) {
      return index + 1 == value.length() || !Character.isLowSurrogate(value.charAt(index + 1));
    }
    return Character.isLowSurrogate(c)
        && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
  }

  /** The whole object. */
  String end() {
    return text.append('}').toString();
  }
}
