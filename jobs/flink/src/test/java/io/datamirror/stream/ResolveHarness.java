package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.commit.Part;
import java.util.List;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask that resolves changes, and whose writes are recorded. */
final class ResolveHarness
    extends KeyedOneInputStreamOperatorTestHarness<KeyId, MirrorRecord, Part> {

  static final int MAX_PARALLELISM = 128;

  /** Where the one that was opened last writes to: an operator's factory is copied on its way. */
  private static final RecordingWrites[] OPENED = new RecordingWrites[1];

  enum Backend {
    HASH_MAP,
    ROCKS_DB;

    StateBackend make() {
      return switch (this) {
        case HASH_MAP -> new HashMapStateBackend();
        case ROCKS_DB -> new EmbeddedRocksDBStateBackend();
      };
    }
  }

  ResolveHarness(
      ResolveOperatorFactory<Part> factory, Backend backend, int parallelism, int subtask)
      throws Exception {
    super(
        factory,
        new RecordKey(),
        new SerializedType<>(KeyId.class, KeyIdSerializer.INSTANCE),
        MAX_PARALLELISM,
        parallelism,
        subtask);
    setStateBackend(backend.make());
  }

  static WritesFactory<Part> recording() {
    return (subtask, attempt, metrics) -> {
      OPENED[0] = new RecordingWrites();
      return OPENED[0];
    };
  }

  static RecordingWrites writes() {
    return OPENED[0];
  }

  void send(MirrorRecord... records) throws Exception {
    for (MirrorRecord record : records) {
      processElement(new StreamRecord<>(record));
    }
  }

  List<Part> parts() {
    return extractOutputValues();
  }

  /** The savepoint that any state backend reads, of all that was sent. */
  OperatorSubtaskState savepoint() throws Exception {
    prepareSnapshotPreBarrier(1);
    return snapshotWithLocalState(1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL))
        .getJobManagerOwnedState();
  }
}
