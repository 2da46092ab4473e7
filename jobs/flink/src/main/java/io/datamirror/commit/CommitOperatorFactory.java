package io.datamirror.commit;

import io.datamirror.lake.Generations;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.stream.MirrorRecord.Progress;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/**
 * Makes the one operator of a job that closes epochs and commits them. It runs with parallelism 1:
 * the first input are the parts of all writers, the second the progress of all readers.
 */
public final class CommitOperatorFactory extends AbstractStreamOperatorFactory<Void>
    implements TwoInputStreamOperatorFactory<Part, Progress, Void> {

  private static final long serialVersionUID = 1L;

  private final MirrorPlan plan;
  private final Generations.Start start;
  private final Closing closing;
  private final OnLakeAhead onLakeAhead;
  private final Patience patience;
  private final Reopening reopening;

  /**
   * @param plan with the generation that this start has taken
   * @param start what the lake told when the generation was taken; a job without state counts on
   *     from its epoch, also when it is run a second time
   * @param closing batch or streaming
   * @param onLakeAhead what to do when the lake is ahead of a restored state
   * @param patience how long a commit is tried
   * @param reopening how the catalog is opened
   */
  public CommitOperatorFactory(
      MirrorPlan plan,
      Generations.Start start,
      Closing closing,
      OnLakeAhead onLakeAhead,
      Patience patience,
      Reopening reopening) {
    this.plan = plan;
    this.start = start;
    this.closing = closing;
    this.onLakeAhead = onLakeAhead;
    this.patience = patience;
    this.reopening = reopening;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Void>> T createStreamOperator(
      StreamOperatorParameters<Void> parameters) {
    return (T)
        new CommitOperator(parameters, plan, start, closing, onLakeAhead, patience, reopening);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return CommitOperator.class;
  }
}
