package io.datamirror.feed;

/**
 * How many rows a part of a reading has, roughly: so many, and more where that would make too many
 * parts.
 *
 * @param rows what is asked for
 * @param mostParts how many parts there should be at most
 */
record PartSize(long rows, int mostParts) {

  // The rows of a part come sorted by their key, and a warehouse may sort a result in one place:
  // parts of any size would fail there, and could not be made smaller any more.
  private static final int MOST_GROWTH = 8;

  /** Parts of just so many rows. */
  static PartSize of(long rows) {
    return new PartSize(rows, Integer.MAX_VALUE);
  }

  /** The rows of a part when there are {@code count} rows in all. */
  long rowsOf(long count) {
    long wanted = count / mostParts + 1;
    return wanted / MOST_GROWTH >= rows ? MOST_GROWTH * rows : Math.max(rows, wanted);
  }
}
