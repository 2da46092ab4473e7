package io.datamirror.feed;

import io.datamirror.feed.Chunk.Part;

/**
 * A chunk in the words of a native feed: a range of the history, and in it a range of the first key
 * column. A snapshot is of one point, where {@code from} and {@code to} are equal.
 *
 * @param keyFrom the exclusive lower bound; empty for none
 * @param keyTo the inclusive upper bound; empty for none
 */
record Slice(Part part, long from, long to, String keyFrom, String keyTo) {

  private static final char SEPARATOR = ':';

  static Slice of(Chunk chunk) {
    return new Slice(
        chunk.part(), point(chunk.from()), point(chunk.to()), key(chunk.from()), key(chunk.to()));
  }

  Chunk chunk() {
    return new Chunk(part, text(from, keyFrom), text(to, keyTo));
  }

  Slice withKeys(String lower, String upper) {
    return new Slice(part, from, to, lower, upper);
  }

  private static String text(long point, String key) {
    return point + String.valueOf(SEPARATOR) + key;
  }

  private static long point(String text) {
    return Long.parseLong(text.substring(0, text.indexOf(SEPARATOR)));
  }

  private static String key(String text) {
    return text.substring(text.indexOf(SEPARATOR) + 1);
  }
}
