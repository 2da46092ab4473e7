package io.datamirror.lake;

import io.datamirror.commit.Part;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.spec.SecretSource;
import io.datamirror.stream.EpochWrites;
import io.datamirror.stream.WritesFactory;
import org.apache.flink.metrics.MetricGroup;

/** Opens the writes of a mirror where they happen, with the secrets that are there. */
public final class LakeWrites implements WritesFactory<Part> {

  private static final long serialVersionUID = 1L;

  private final MirrorPlan plan;

  public LakeWrites(MirrorPlan plan) {
    this.plan = plan;
  }

  @Override
  public EpochWrites<Part> open(int subtask, int attempt, MetricGroup metrics) {
    LakeCatalog catalog = LakeCatalog.open(plan.spec().lake(), SecretSource.ofProcess());
    try {
      return new MirrorWrites(plan, catalog, subtask, attempt);
    } catch (RuntimeException e) {
      catalog.close();
      throw e;
    }
  }
}
