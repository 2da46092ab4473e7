package io.datamirror.stream;

import io.datamirror.change.KeyId;
import org.apache.flink.api.java.functions.KeySelector;

/** The key by which a record finds its subtask. */
public final class RecordKey implements KeySelector<MirrorRecord, KeyId> {

  private static final long serialVersionUID = 1L;

  @Override
  public KeyId getKey(MirrorRecord record) {
    if (record instanceof MirrorRecord.Change change) {
      return change.key();
    }
    if (record instanceof MirrorRecord.Recall recall) {
      return recall.key();
    }
    if (record instanceof MirrorRecord.Reject reject) {
      return reject.key();
    }
    throw new IllegalStateException("no key for " + record);
  }
}
