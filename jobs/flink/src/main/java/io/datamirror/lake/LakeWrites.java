package io.datamirror.lake;

import io.datamirror.commit.Part;
import io.datamirror.commit.Reopening;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.stream.EpochWrites;
import io.datamirror.stream.WritesFactory;
import org.apache.flink.metrics.MetricGroup;

/** Opens the writes of a mirror where they happen, with the secrets that are there. */
public final class LakeWrites implements WritesFactory<Part> {

  private static final long serialVersionUID = 1L;

  private final MirrorPlan plan;
  private final Reopening reopening;

  /**
   * @param reopening how the catalog is opened
   */
  public LakeWrites(MirrorPlan plan, Reopening reopening) {
    this.plan = plan;
    this.reopening = reopening;
  }

  @Override
  public EpochWrites<Part> open(int subtask, int attempt, MetricGroup metrics)
      throws InterruptedException {
    return reopening.open(
        plan.spec().lake(), attempt, catalog -> new MirrorWrites(plan, catalog, subtask, attempt));
  }
}
