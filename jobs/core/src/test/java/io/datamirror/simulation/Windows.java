package io.datamirror.simulation;

import java.util.BitSet;
import java.util.TreeMap;

/** Knows up to which window of a table every change was delivered, and what was labelled. */
final class Windows {

  private record Open(Frame frame, BitSet done) {}

  private final TreeMap<Long, Open> open = new TreeMap<>();
  private long nextToComplete;
  private boolean unlabelled;
  private int position = Committable.NO_POSITION;
  private long watermarkMillis = Long.MIN_VALUE;

  Windows copy() {
    Windows copy = new Windows();
    open.forEach(
        (number, window) ->
            copy.open.put(number, new Open(window.frame(), (BitSet) window.done().clone())));
    copy.nextToComplete = nextToComplete;
    copy.unlabelled = unlabelled;
    copy.position = position;
    copy.watermarkMillis = watermarkMillis;
    return copy;
  }

  void add(Message.Progress progress) {
    Frame frame = progress.frame();
    Open window = open.computeIfAbsent(frame.number(), number -> new Open(frame, new BitSet()));
    if (progress.done()) {
      window.done().set(progress.chunk());
    }
    while (!open.isEmpty() && complete(open.firstEntry().getValue())) {
      Frame completed = open.pollFirstEntry().getValue().frame();
      nextToComplete++;
      position = completed.to();
      watermarkMillis = Math.max(watermarkMillis, completed.watermarkMillis());
      unlabelled = true;
    }
  }

  private boolean complete(Open window) {
    Frame frame = window.frame();
    return frame.number() == nextToComplete && window.done().cardinality() == frame.chunks();
  }

  /** The position that the table is complete to, if it is to one and has not said so. */
  int label() {
    return open.isEmpty() && unlabelled ? position : Committable.NO_POSITION;
  }

  /** The position of the newest window that has begun, done or not. */
  int labelInMidWindow() {
    return open.isEmpty() ? label() : open.lastEntry().getValue().frame().to();
  }

  void labelled() {
    unlabelled = false;
  }

  long watermarkMillis() {
    return watermarkMillis;
  }
}
