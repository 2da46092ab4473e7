package io.datamirror.job;

import io.datamirror.source.LakeStart;
import io.datamirror.source.RecallPlanner;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecord.Progress;
import java.util.Optional;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Puts the position that a table has in the place of every position that is reported, so that it is
 * the same after a job as it was before.
 *
 * @param position empty if commits are to carry none
 */
record KeptPosition(String position, long watermarkMillis)
    implements MapFunction<MirrorRecord, MirrorRecord> {

  private static final long serialVersionUID = 1L;

  @Override
  public MirrorRecord map(MirrorRecord record) {
    return record instanceof Progress progress
        ? new Progress(
            progress.table(),
            progress.step(),
            progress.window(),
            progress.chunk(),
            progress.chunks(),
            position,
            watermarkMillis)
        : record;
  }

  /** What the lake knows, but for a position: that is the source's, and means nothing to others. */
  record Recall(RecallPlanner lake) implements RecallPlanner {

    private static final long serialVersionUID = 1L;

    @Override
    public RecallPlanner own() {
      return new Recall(lake.own());
    }

    @Override
    public LakeStart start(io.datamirror.plan.TablePlan table) throws Exception {
      LakeStart start = lake.start(table);
      return new LakeStart(
          Optional.empty(), start.identity(), start.watermarkMillis(), start.recall());
    }

    @Override
    public void close() throws Exception {
      lake.close();
    }
  }
}
