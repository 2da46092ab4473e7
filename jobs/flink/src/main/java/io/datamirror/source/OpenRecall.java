package io.datamirror.source;

import io.datamirror.feed.Resume;
import io.datamirror.stream.MirrorRecord;
import java.io.IOException;
import java.util.List;

/** A part of the lake that is being recalled. */
final class OpenRecall implements OpenSplit {

  private final Recaller.Reading source;
  private final int batchRows;
  private long rows;

  OpenRecall(RecallSplit split, Recaller.Reading source, int batchRows) {
    this.source = source;
    this.batchRows = batchRows;
    this.rows = split.reading().rows();
  }

  @Override
  public Begin begin() {
    return Begin.WHERE_IT_WAS;
  }

  @Override
  public Batch next() throws IOException {
    List<MirrorRecord.Recall> recalled = source.next(batchRows);
    rows += recalled.size();
    Reading.Step step = recalled.size() < batchRows ? Reading.Step.DONE : Reading.Step.BEGUN;
    Reading after = new Reading(step, Resume.START, rows, Long.MIN_VALUE);
    return new Batch(List.copyOf(recalled), recalled.size(), 0, after);
  }

  /** Files do not hang for long; who closes the reader interrupts it if they do. */
  @Override
  public void cancel() {}

  @Override
  public void close() throws IOException {
    source.close();
  }
}
