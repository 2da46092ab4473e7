package io.datamirror.commit;

import java.io.DataInputStream;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;

/** Reads the committer's state out of a savepoint or checkpoint, with no job. */
final class SavepointState {

  private SavepointState() {}

  /**
   * @throws IOException if it cannot be read, or is not that of a mirror
   */
  static CommitState read(String savepoint) throws IOException {
    CompletedCheckpointStorageLocation location =
        AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(savepoint);
    try (DataInputStream in = new DataInputStream(location.getMetadataHandle().openInputStream())) {
      ClassLoader classes = SavepointState.class.getClassLoader();
      return read(Checkpoints.loadCheckpointMetadata(in, classes, location.getExternalPointer()));
    }
  }

  private static CommitState read(CheckpointMetadata metadata) throws IOException {
    for (OperatorState operator : metadata.getOperatorStates()) {
      for (OperatorSubtaskState subtask : operator.getStates()) {
        for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
          var kept = handle.getStateNameToPartitionOffsets().get(CommitOperator.STATE.getName());
          if (kept != null && kept.getOffsets().length > 0) {
            return read(handle, kept.getOffsets()[0]);
          }
        }
      }
    }
    throw new IOException("there is no state of a mirror's commits in it");
  }

  private static CommitState read(OperatorStateHandle handle, long offset) throws IOException {
    try (FSDataInputStream in = handle.openInputStream()) {
      in.seek(offset);
      return CommitState.fromBytes(
          BytePrimitiveArraySerializer.INSTANCE.deserialize(new DataInputViewStreamWrapper(in)));
    }
  }
}
