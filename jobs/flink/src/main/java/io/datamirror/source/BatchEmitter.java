package io.datamirror.source;

import io.datamirror.stream.MirrorRecord;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.metrics.Counter;

/** Emits batches as a whole and remembers how far they reach. */
final class BatchEmitter implements RecordEmitter<Batch, MirrorRecord, ReadSplit> {

  private final SourceProgress board;
  private final Counter rejects;

  BatchEmitter(SourceProgress board, Counter rejects) {
    this.board = board;
    this.rejects = rejects;
  }

  @Override
  public void emitRecord(Batch batch, SourceOutput<MirrorRecord> output, ReadSplit split) {
    for (MirrorRecord record : batch.records()) {
      emit(record, output);
    }
    split.emitted(batch.after());
    rejects.inc(batch.rejects());
    board.count(split.split().table(), batch.rows());
  }

  /** With its time, so that Flink can tell how far its emitting is behind. */
  private static void emit(MirrorRecord record, SourceOutput<MirrorRecord> output) {
    if (record instanceof MirrorRecord.Change change && change.timeMillis() != Long.MIN_VALUE) {
      output.collect(record, change.timeMillis());
    } else {
      output.collect(record);
    }
  }
}
