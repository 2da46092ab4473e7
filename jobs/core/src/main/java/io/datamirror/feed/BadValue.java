package io.datamirror.feed;

/** A value that does not fit its column. An everyday result, hence without a stack trace. */
final class BadValue extends Exception {
  private static final long serialVersionUID = 1L;

  BadValue(String sentence) {
    super(sentence, null, false, false);
  }
}
