package io.datamirror.commit;

import io.datamirror.stream.MirrorRecord.Progress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Knows up to which window of a table every change was delivered.
 *
 * <p>Chunks of several windows may be under way at once, and what is said of them comes over
 * several channels: so a window may be complete before an earlier one. The table has a position
 * only while nothing after a complete window has begun.
 */
final class WindowTracker {

  private final TreeMap<Long, Open> open = new TreeMap<>();
  private long completeTo;
  private long labelledTo;
  private String position;
  private long watermarkMillis;

  /** A window of which some chunk has begun and not every chunk is done. */
  record Open(int chunks, BitSet done, String position, long watermarkMillis) {
    boolean complete() {
      return done.cardinality() >= chunks;
    }
  }

  /**
   * What is remembered over a restart.
   *
   * @param completeTo the last window that is complete with all before it; 0 for none: windows are
   *     counted from 1
   * @param labelledTo the last window whose position was given away; 0 for none
   * @param position the position of the last complete window
   * @param watermarkMillis the watermark of the last complete window
   * @param windows the numbers of the open windows
   * @param open the open windows, in the same order
   */
  record State(
      long completeTo,
      long labelledTo,
      String position,
      long watermarkMillis,
      List<Long> windows,
      List<Open> open) {

    static final State START = new State(0, 0, "", Long.MIN_VALUE, List.of(), List.of());
  }

  /** A position that a table may carry. */
  record Label(String position, long watermarkMillis) {}

  WindowTracker(State state) {
    completeTo = state.completeTo();
    labelledTo = state.labelledTo();
    position = state.position();
    watermarkMillis = state.watermarkMillis();
    for (int i = 0; i < state.windows().size(); i++) {
      Open window = state.open().get(i);
      open.put(
          state.windows().get(i),
          new Open(
              window.chunks(),
              (BitSet) window.done().clone(),
              window.position(),
              window.watermarkMillis()));
    }
  }

  void add(Progress progress) {
    if (progress.window() <= completeTo) {
      return;
    }
    Open window =
        open.computeIfAbsent(
            progress.window(),
            number ->
                new Open(
                    progress.chunks(),
                    new BitSet(),
                    progress.position(),
                    progress.watermarkMillis()));
    switch (progress.step()) {
      case BEGUN -> {}
      case DONE -> {
        window.done().set(progress.chunk());
        advance();
      }
    }
  }

  private void advance() {
    while (!open.isEmpty() && open.firstKey() == completeTo + 1) {
      Open window = open.firstEntry().getValue();
      if (!window.complete()) {
        return;
      }
      open.pollFirstEntry();
      completeTo++;
      position = window.position();
      watermarkMillis = Math.max(watermarkMillis, window.watermarkMillis());
    }
  }

  /** The position that the table has now, unless it was given away before. */
  Optional<Label> label() {
    boolean known = open.isEmpty() && completeTo > labelledTo && !position.isEmpty();
    return known ? Optional.of(new Label(position, watermarkMillis)) : Optional.empty();
  }

  /** The position that the table has, given away or not; as long as no window is open. */
  Optional<Label> standing() {
    return open.isEmpty() && !position.isEmpty()
        ? Optional.of(new Label(position, watermarkMillis))
        : Optional.empty();
  }

  /** The position is given away: it is a label only once. */
  void labelled() {
    labelledTo = completeTo;
  }

  State state() {
    return new State(
        completeTo,
        labelledTo,
        position,
        watermarkMillis,
        new ArrayList<>(open.keySet()),
        new ArrayList<>(open.values()));
  }
}
