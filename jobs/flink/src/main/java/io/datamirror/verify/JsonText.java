package io.datamirror.verify;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** JSON strings inside of text that is put together by hand. */
final class JsonText {

  private JsonText() {}

  /** Appends {@code text} as a JSON string, with its quotes. */
  static void append(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
