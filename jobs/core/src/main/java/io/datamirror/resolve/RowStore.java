package io.datamirror.resolve;

/**
 * Keeps the rows of changes that were folded, until it is cleared. One thread at a time.
 *
 * @param <R> a row
 */
public interface RowStore<R> {

  /** Keeps a row; returns its place, which is not negative. */
  long add(R row);

  /** Keeps a row instead of the one at {@code place}; returns its place, which may be another. */
  long replace(long place, R row);

  /** The row at a place, valid until the next call. */
  R row(long place);

  /**
   * Told that the rows at {@code places} will be read or replaced soon: where memory is slow, they
   * can be fetched side by side.
   */
  void expect(long[] places, int count);

  /** The memory that {@code row} will hold, roughly. */
  long bytes(R row);

  /** The memory that the rows hold, roughly. */
  long bytes();

  /** Lets go of all rows. */
  void clear();
}
