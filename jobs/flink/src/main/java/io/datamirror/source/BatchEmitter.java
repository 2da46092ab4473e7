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
      output.collect(record);
    }
    split.emitted(batch.after());
    rejects.inc(batch.rejects());
    board.count(split.split().table(), batch.rows());
  }
}
