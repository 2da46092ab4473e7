package io.datamirror.job;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;

/** What a savepoint holds, by name: a line for each operator, and one for each of its states. */
final class StateNames {

  private StateNames() {}

  static Set<String> of(String savepoint) throws IOException {
    CompletedCheckpointStorageLocation location =
        AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(savepoint);
    ClassLoader classes = StateNames.class.getClassLoader();
    TreeMap<String, Set<String>> operators = new TreeMap<>();
    try (DataInputStream in = new DataInputStream(location.getMetadataHandle().openInputStream())) {
      var metadata = Checkpoints.loadCheckpointMetadata(in, classes, location.getExternalPointer());
      for (OperatorState operator : metadata.getOperatorStates()) {
        operators.put(operator.getOperatorID().toString(), names(operator));
      }
    }
    Set<String> lines = new TreeSet<>();
    operators.forEach(
        (operator, states) -> {
          lines.add(operator);
          states.forEach(state -> lines.add(operator + " " + state));
        });
    return lines;
  }

  private static Set<String> names(OperatorState operator) throws IOException {
    Set<String> names = new TreeSet<>();
    if (operator.getCoordinatorState() != null) {
      names.add("coordinator");
    }
    for (OperatorSubtaskState subtask : operator.getStates()) {
      subtask
          .getManagedOperatorState()
          .forEach(
              handle ->
                  handle
                      .getStateNameToPartitionOffsets()
                      .keySet()
                      .forEach(name -> names.add(name)));
      for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
        names.addAll(keyed((KeyGroupsStateHandle) handle));
      }
    }
    return names;
  }

  private static Set<String> keyed(KeyGroupsStateHandle handle) throws IOException {
    Set<String> names = new TreeSet<>();
    try (InputStream in = handle.openInputStream()) {
      KeyedBackendSerializationProxy<?> header =
          new KeyedBackendSerializationProxy<>(StateNames.class.getClassLoader());
      header.read(new DataInputViewStreamWrapper(in));
      header.getStateMetaInfoSnapshots().forEach(state -> names.add("keyed " + state.getName()));
    }
    return names;
  }
}
