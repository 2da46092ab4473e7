package io.datamirror.commit;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.stream.MirrorRecord.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Commits parts as one epoch, for tests of what is in the lake afterwards. */
public final class Committing {

  private Committing() {}

  public static void commit(LakeCatalog catalog, MirrorPlan plan, long epoch, List<Part> parts)
      throws InterruptedException {
    commit(catalog, plan, epoch, parts, "");
  }

  /**
   * @param position what all tables are complete to then; empty for nothing known
   */
  public static void commit(
      LakeCatalog catalog, MirrorPlan plan, long epoch, List<Part> parts, String position)
      throws InterruptedException {
    Map<Integer, String> names = new HashMap<>();
    plan.tables().forEach(table -> names.put(table.number(), table.name()));
    String mirror = plan.spec().mirror();
    EpochCloser closer =
        new EpochCloser(
            CommitIds.of(mirror, plan.generation(), Closing.AT_END),
            plan.generation(),
            names,
            EpochCloser.State.start(epoch - 1, Map.of()),
            () -> 0);
    parts.forEach(closer::add);
    for (int table : names.keySet()) {
      closer.add(new Progress(table, Progress.Step.DONE, 1, 0, 1, position, 0));
    }
    TableCommitter committer =
        new TableCommitter(catalog, mirror, plan.generation(), new Patience(5_000, 1, 20));
    for (Committable committable : closer.close()) {
      committer.commit(committable);
    }
  }
}
