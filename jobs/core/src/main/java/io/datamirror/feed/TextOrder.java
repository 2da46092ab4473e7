package io.datamirror.feed;

/** Orders text as databases with a binary collation do. */
final class TextOrder {

  private TextOrder() {}

  /**
   * By code points, which is the order of UTF-8 bytes. Java's own order differs: it puts the
   * surrogates of rare characters before some common ones.
   */
  static int byCodePoint(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int i = 0; i < shorter; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean same = Character.isSurrogate(a) == Character.isSurrogate(b);
        return same ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
