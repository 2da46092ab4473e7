package io.datamirror.commit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts the parts of one table into batches.
 *
 * <p>An aborted checkpoint makes two flushes of a writer fall into one epoch, with two versions of
 * a key. So the k-th part of a subtask since the last close goes into batch k, and batches are
 * never merged.
 */
final class BatchCollector {

  private final Map<Integer, Integer> partsOf = new HashMap<>();
  private final List<List<Part>> batches = new ArrayList<>();

  void add(Part part) {
    if (part.dataFiles().isEmpty() && part.deleteFiles().isEmpty()) {
      return;
    }
    int batch = partsOf.merge(part.subtask(), 1, Integer::sum) - 1;
    if (batch == batches.size()) {
      batches.add(new ArrayList<>());
    }
    batches.get(batch).add(part);
  }

  /** The batches since the last call. */
  List<Batch> drain() {
    List<Batch> drained = batches.stream().map(BatchCollector::merge).toList();
    batches.clear();
    partsOf.clear();
    return drained;
  }

  private static Batch merge(List<Part> parts) {
    List<String> dataFiles = new ArrayList<>();
    List<String> deleteFiles = new ArrayList<>();
    for (Part part : parts) {
      dataFiles.addAll(part.dataFiles());
      deleteFiles.addAll(part.deleteFiles());
    }
    return new Batch(dataFiles, deleteFiles);
  }
}
