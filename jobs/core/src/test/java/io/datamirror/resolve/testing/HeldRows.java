package io.datamirror.resolve.testing;

import io.datamirror.resolve.RowStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps rows as the objects that they are, and calls them equally large.
 *
 * @param <R> a row; never changed after it was given
 */
public final class HeldRows<R> implements RowStore<R> {

  private static final int ROW_BYTES = 100;

  private final List<R> rows = new ArrayList<>();

  @Override
  public long add(R row) {
    rows.add(row);
    return rows.size() - 1;
  }

  @Override
  public long replace(long place, R row) {
    rows.set((int) place, row);
    return place;
  }

  @Override
  public R row(long place) {
    return rows.get((int) place);
  }

  @Override
  public void expect(long[] places, int count) {
    for (int i = 0; i < count; i++) {
      rows.get((int) places[i]);
    }
  }

  @Override
  public long bytes(R row) {
    return ROW_BYTES;
  }

  @Override
  public long bytes() {
    return (long) rows.size() * ROW_BYTES;
  }

  @Override
  public void clear() {
    rows.clear();
  }
}
