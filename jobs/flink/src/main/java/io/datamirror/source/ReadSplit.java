package io.datamirror.source;

/** A split that a reader has, and how much of it was emitted. */
final class ReadSplit {

  private final MirrorSplit split;
  private Reading reading;

  ReadSplit(MirrorSplit split) {
    this.split = split;
    this.reading = split.reading();
  }

  void emitted(Reading after) {
    reading = after;
  }

  MirrorSplit split() {
    return split.at(reading);
  }
}
