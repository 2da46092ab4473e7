package io.datamirror.source;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Resume;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reader without threads that keeps to the same agreement with the enumerator as {@link
 * MirrorSourceReader}. What it emits is kept in order.
 */
final class SimulatedReader {

  /** What was emitted: a row, the begin or end of a chunk, or a recalled key. */
  record Emitted(String text, String table, long timeMillis, Chunk.Part part) {}

  final int index;
  final Deque<ReaderEvent> toEnumerator = new ArrayDeque<>();
  final Deque<Object> inbox = new ArrayDeque<>();
  final List<Emitted> log = new ArrayList<>();
  boolean asks;
  long watermarkMillis = Long.MIN_VALUE;
  private final FakeWarehouse warehouse;
  private final Deque<MirrorSplit> reading = new ArrayDeque<>();
  private final Map<String, MirrorSplit> unknown = new LinkedHashMap<>();

  SimulatedReader(int index, FakeWarehouse warehouse, List<MirrorSplit> restored) {
    this.index = index;
    this.warehouse = warehouse;
    for (MirrorSplit split : restored) {
      if (split.reading().step() == Reading.Step.DONE) {
        unknown.put(split.splitId(), split);
      } else {
        reading.add(split);
      }
    }
    toEnumerator.add(
        new ReaderEvent.Started(
            reading.stream().map(Ticket::of).toList(),
            unknown.values().stream().map(Finished::of).toList()));
    asks = reading.isEmpty();
  }

  /** Whether the enumerator does not know yet that this reader began. */
  boolean beginning() {
    return toEnumerator.stream().anyMatch(ReaderEvent.Started.class::isInstance);
  }

  boolean idle() {
    return reading.isEmpty()
        && inbox.isEmpty()
        && toEnumerator.stream().allMatch(ReaderEvent.GoesOn.class::isInstance);
  }

  /** It is not stopped by a checkpoint. */
  void goesOn(long checkpointId) {
    toEnumerator.add(new ReaderEvent.GoesOn(checkpointId));
  }

  List<MirrorSplit> state() {
    List<MirrorSplit> splits = new ArrayList<>(reading);
    splits.addAll(unknown.values());
    return splits;
  }

  /** Receives the next of what the enumerator sent. */
  void receive() {
    Object received = inbox.poll();
    if (received instanceof MirrorSplit split) {
      reading.add(split);
    } else if (received instanceof EnumeratorEvent.Watermark told) {
      watermarkMillis = Math.max(watermarkMillis, told.millis());
    } else if (received instanceof EnumeratorEvent.Known known) {
      known.splitIds().forEach(unknown::remove);
    }
  }

  /** Reads up to {@code rows} rows. */
  void read(int rows) {
    MirrorSplit split = reading.poll();
    if (split == null) {
      return;
    }
    MirrorSplit after = split instanceof ChunkSplit chunk ? chunk(chunk, rows) : recall(split);
    if (after.reading().step() != Reading.Step.DONE) {
      reading.addFirst(after);
      return;
    }
    unknown.put(after.splitId(), after);
    toEnumerator.add(new ReaderEvent.Read(List.of(Finished.of(after))));
    asks |= reading.isEmpty();
  }

  private MirrorSplit recall(MirrorSplit split) {
    log.add(new Emitted("recall " + split.splitId(), split.table(), Long.MAX_VALUE, null));
    return split.at(new Reading(Reading.Step.DONE, Resume.START, 1, Long.MIN_VALUE));
  }

  private MirrorSplit chunk(ChunkSplit split, int rows) {
    Reading reading = split.reading();
    String id = split.splitId();
    if (reading.step() == Reading.Step.NEW) {
      emit(split, "begin " + id, Long.MAX_VALUE);
    }
    long at = position(split);
    long to = split.chunk() == null ? at : Long.parseLong(split.chunk().to());
    long end = Math.min(to, at + rows);
    long maxTimeMillis = reading.maxTimeMillis();
    for (; at < end; at++) {
      FakeWarehouse.Row row = warehouse.table(split.table()).rows.get((int) at);
      emit(split, "row " + split.table() + " " + row.position(), row.timeMillis());
      maxTimeMillis = Math.max(maxTimeMillis, row.timeMillis());
    }
    if (at == to) {
      WindowFrame frame = split.frame();
      String settled = " " + frame.bounds().settledMillis() + " ";
      emit(split, "end " + id + settled + frame.label(), Long.MAX_VALUE);
    }
    Reading.Step step = at == to ? Reading.Step.DONE : Reading.Step.BEGUN;
    Resume resume = new Resume(Long.toString(at), new long[0]);
    return split.at(new Reading(step, resume, reading.rows() + rows, maxTimeMillis));
  }

  private static long position(ChunkSplit split) {
    if (split.chunk() == null) {
      return 0;
    }
    String cursor = split.reading().resume().cursor();
    return Long.parseLong(cursor.isEmpty() ? split.chunk().from() : cursor);
  }

  private void emit(ChunkSplit split, String text, long timeMillis) {
    Chunk.Part part = split.chunk() == null ? null : split.chunk().part();
    log.add(new Emitted(text, split.table(), timeMillis, part));
  }
}
