package io.datamirror.stream;

import io.datamirror.resolve.RowStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.binary.BinarySegmentUtils;

/**
 * Keeps rows as the bytes that they are, one behind the other in large pages.
 *
 * <p>A row that is kept costs no object: the collector of garbage has nothing to copy, and whoever
 * walks through the rows in the order in which they came reads memory from front to back. Pages are
 * used again after {@link #clear}.
 *
 * <p>In front of each row stand the bytes that its place has room for, those that it takes, and how
 * many columns it has. A row that grows out of its place leaves it behind until the next clearing.
 */
public final class RowArena implements RowStore<BinaryRowData> {

  private static final int PAGE_BYTES = 1 << 20;
  private static final int ROOM = 0;
  private static final int SIZE = 4;
  private static final int ARITY = 8;
  private static final int HEADER_BYTES = 16;

  private final List<MemorySegment> pages = new ArrayList<>();
  private int page = -1;
  private int used = PAGE_BYTES;
  private long bytes;
  private BinaryRowData view = new BinaryRowData(0);

  /** Made of what was read only to have it near: reading for nothing would be left out. */
  int nearby;

  @Override
  public long add(BinaryRowData row) {
    int room = room(row);
    int needed = HEADER_BYTES + room;
    if (used + needed > PAGE_BYTES) {
      turnPage(needed);
    }
    long place = place(page, used);
    pages.get(page).putInt(used + ROOM, room);
    used += needed;
    bytes += needed;
    write(place, row);
    return place;
  }

  /** Goes on in a page with room enough; a row that is larger than a page gets one of its own. */
  private void turnPage(int needed) {
    page++;
    used = 0;
    int size = Math.max(needed, PAGE_BYTES);
    if (page == pages.size()) {
      pages.add(MemorySegmentFactory.wrap(new byte[size]));
    } else if (pages.get(page).size() < size) {
      pages.set(page, MemorySegmentFactory.wrap(new byte[size]));
    }
  }

  @Override
  public long replace(long place, BinaryRowData row) {
    int room = page(place).getInt(at(place) + ROOM);
    if (row.getSizeInBytes() > room) {
      return add(row);
    }
    write(place, row);
    return place;
  }

  private void write(long place, BinaryRowData row) {
    MemorySegment to = page(place);
    int at = at(place);
    int size = row.getSizeInBytes();
    to.putInt(at + SIZE, size);
    to.putInt(at + ARITY, row.getArity());
    BinarySegmentUtils.copyToBytes(
        row.getSegments(), row.getOffset(), to.getArray(), at + HEADER_BYTES, size);
  }

  @Override
  public BinaryRowData row(long place) {
    MemorySegment from = page(place);
    int at = at(place);
    int arity = from.getInt(at + ARITY);
    if (view.getArity() != arity) {
      view = new BinaryRowData(arity);
    }
    view.pointTo(from, at + HEADER_BYTES, from.getInt(at + SIZE));
    return view;
  }

  @Override
  public void expect(long[] places, int count) {
    for (int i = 0; i < count; i++) {
      nearby += page(places[i]).getInt(at(places[i]) + ROOM);
    }
  }

  @Override
  public long bytes(BinaryRowData row) {
    return HEADER_BYTES + (long) room(row);
  }

  private static int room(BinaryRowData row) {
    return (row.getSizeInBytes() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** Pages of rows that were larger than a page are given back. */
  @Override
  public void clear() {
    pages.removeIf(kept -> kept.size() > PAGE_BYTES);
    page = -1;
    used = PAGE_BYTES;
    bytes = 0;
  }

  private static long place(int page, int at) {
    return (long) page << Integer.SIZE | at;
  }

  private MemorySegment page(long place) {
    return pages.get((int) (place >>> Integer.SIZE));
  }

  private static int at(long place) {
    return (int) place;
  }
}
