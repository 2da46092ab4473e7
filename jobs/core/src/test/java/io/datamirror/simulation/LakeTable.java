package io.datamirror.simulation;

import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.ModelLake;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A table of the catalog: what it holds and what it tells of its commits. */
final class LakeTable {

  /** Rises with every change, so that a change can ask for the state that it was made for. */
  long version;

  /** The newest start of the mirror. */
  long generation;

  /** The newest epoch, and the generation that closed it. */
  long epoch;

  long epochGeneration;

  /** The newest position, and the epoch that came with it. */
  int position;

  long positionEpoch;

  /** The watermark of the newest epoch. */
  long watermarkMillis = Long.MIN_VALUE;

  final Set<String> commitIds = new HashSet<>();
  final ModelLake content = new ModelLake();

  void apply(Committable committable, String commitId) {
    for (List<Batch> batch : committable.batches()) {
      content.apply(batch);
    }
    commitIds.add(commitId);
    epoch = committable.epoch();
    epochGeneration = committable.generation();
    watermarkMillis = Math.max(watermarkMillis, committable.watermarkMillis());
    if (committable.labelled()) {
      position = committable.position();
      positionEpoch = epoch;
    }
    version++;
  }
}
