package io.datamirror.commit;

import io.datamirror.commit.Committer.Outcome;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.publish.Publisher;
import io.datamirror.publish.Publishing;
import io.datamirror.resolve.Forgetting;
import io.datamirror.spec.SecretSource;
import io.datamirror.stream.MirrorRecord.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Closes an epoch at every checkpoint and commits it when the checkpoint is complete.
 *
 * <p>What was closed stays in state until it is known to be committed, so that a restart can commit
 * it. Commits run in the background; only the end of the job waits for them. Without checkpoints,
 * as in batch, there is one epoch, committed at the end of input.
 */
final class CommitOperator extends AbstractStreamOperator<Void>
    implements TwoInputStreamOperator<Part, Progress, Void>, BoundedMultiInput, CommitListener {

  private static final long serialVersionUID = 1L;
  private static final int INPUTS = 2;

  /** The name of the state in savepoints never changes. */
  static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("commit", BytePrimitiveArraySerializer.INSTANCE);

  private final MirrorPlan plan;
  private final Generations.Start start;
  private final Closing closing;
  private final OnLakeAhead onLakeAhead;
  private final Patience patience;
  private final Reopening reopening;
  private final transient MailboxExecutor mailbox;

  private transient ListState<byte[]> state;
  private transient long sinceEpoch;
  private transient EpochCloser closer;
  private transient PendingCommits pending;
  private transient LakeCatalog catalog;
  private transient CommitLanes lanes;
  private transient Publisher publisher;
  private transient ProgressBoard board;
  private transient CommitMetrics metrics;
  private transient RelationWatch relations;
  private transient int endedInputs;

  CommitOperator(
      StreamOperatorParameters<Void> parameters,
      MirrorPlan plan,
      Generations.Start start,
      Closing closing,
      OnLakeAhead onLakeAhead,
      Patience patience,
      Reopening reopening) {
    super(parameters);
    this.plan = plan;
    this.start = start;
    this.closing = closing;
    this.onLakeAhead = onLakeAhead;
    this.patience = patience;
    this.reopening = reopening;
    this.mailbox = parameters.getMailboxExecutor();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    String mirror = plan.spec().mirror();
    state = context.getOperatorStateStore().getListState(STATE);
    CommitState restored = restored(context.isRestored());
    sinceEpoch = sinceEpoch(restored);
    closer =
        new EpochCloser(
            CommitIds.of(mirror, plan.generation(), closing).from(start.origin()),
            plan.generation(),
            names(),
            closerState(restored).withNewTables(start.floors(plan.tables())),
            System::currentTimeMillis);
    pending = new PendingCommits(restored.committedEpochs());
    board = ProgressBoard.of(mirror);
    catalog =
        reopening.open(
            plan.spec().lake(),
            getRuntimeContext().getTaskInfo().getAttemptNumber(),
            Function.identity());
    metrics = CommitMetrics.register(getMetricGroup(), board, plan);
    lanes =
        new CommitLanes(
            new TableCommitter(
                catalog, mirror, plan.generation(), patience, restored.committedEpochs(), metrics),
            this);
    publisher = Publishing.start(plan, catalog, SecretSource.ofProcess(), this::failed);
    relations = new RelationWatch(plan, publisher::committed);
    relations.register(getMetricGroup());
    if (context.isRestored()) {
      lanes.first(new RestoreCheck(catalog, plan, restored, onLakeAhead, patience));
      pending.add(context.getRestoredCheckpointId().orElse(0), restored.pending());
      submit(context.getRestoredCheckpointId().orElse(0));
    }
  }

  private CommitState restored(boolean exists) throws Exception {
    if (exists) {
      for (byte[] bytes : state.get()) {
        return CommitState.fromBytes(bytes);
      }
    }
    return new CommitState(
        plan.generation(),
        start.lastEpoch() + 1,
        EpochCloser.State.start(start.lastEpoch(), start.floors(plan.tables())),
        List.of(),
        start.epochs());
  }

  private EpochCloser.State closerState(CommitState restored) {
    return restored.generation() == plan.generation()
        ? restored.closer()
        : restored.closer().forNewStart();
  }

  private long sinceEpoch(CommitState restored) {
    return restored.generation() == plan.generation()
        ? restored.sinceEpoch()
        : restored.closer().lastEpoch() + 1;
  }

  private Map<Integer, String> names() {
    Map<Integer, String> names = new LinkedHashMap<>();
    plan.tables().forEach(table -> names.put(table.number(), table.name()));
    return names;
  }

  @Override
  public void processElement1(StreamRecord<Part> element) {
    closer.add(element.getValue());
  }

  @Override
  public void processElement2(StreamRecord<Progress> element) {
    closer.add(element.getValue());
  }

  /**
   * A state of this start takes for its own what the lake holds of earlier ones. So there is none
   * before the state that this start goes on from has been compared with the lake.
   */
  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    awaitChecks();
    pending.add(context.getCheckpointId(), closeEpoch());
    CommitState kept =
        new CommitState(
            plan.generation(),
            sinceEpoch,
            closer.state(),
            pending.open(),
            pending.committedEpochs());
    state.update(List.of(kept.toBytes()));
  }

  private List<Committable> closeEpoch() {
    Map<Integer, Forgetting> rules = plan.forgetting();
    return closer.close().stream()
        .map(one -> one.forgettingBy(rules.getOrDefault(one.table(), Forgetting.NOTHING)))
        .toList();
  }

  private void awaitChecks() throws Exception {
    try {
      lanes.awaitChecks();
    } catch (CompletionException e) {
      throw asTaskFailure(e.getCause());
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    submit(checkpointId);
    if (endedInputs == INPUTS && !pending.waiting()) {
      drain();
    }
  }

  private void submit(long checkpointId) throws InterruptedException {
    for (List<Committable> epoch : pending.complete(checkpointId)) {
      metrics.submitted(epoch.size());
      lanes.submit(epoch);
    }
  }

  @Override
  public void endInput(int inputId) {
    endedInputs++;
    if (endedInputs == INPUTS) {
      closer.end();
    }
  }

  /** With checkpoints, the last one commits what is left; without, it must happen here. */
  @Override
  public void finish() throws Exception {
    super.finish();
    if (closing == Closing.AT_END) {
      pending.add(0, closeEpoch());
      submit(0);
      drain();
    }
  }

  /** The task waits here, so that the mail of a failure would come too late. */
  private void drain() throws Exception {
    try {
      lanes.drain();
      publisher.drain();
    } catch (CompletionException e) {
      throw asTaskFailure(e.getCause());
    }
  }

  @Override
  public void committed(Committable committable, Outcome outcome) {
    board.committed(committable, System.currentTimeMillis());
    pending.committed(committable);
    publisher.committed(committable.name());
    if (closing == Closing.BY_CHECKPOINT) {
      relations.committed(committable.name());
    }
    LOG.info(
        "Epoch {} of {} is {}",
        committable.epoch(),
        committable.name(),
        outcome == Outcome.COMMITTED ? "committed" : "found committed");
  }

  @Override
  public void failed(Throwable failure) {
    metrics.failed();
    mailbox.execute(
        () -> {
          throw asTaskFailure(failure);
        },
        "a commit failed");
  }

  /** What a restart would only meet again ends the job at once. */
  private static Exception asTaskFailure(Throwable failure) {
    boolean hopeless =
        failure instanceof MirrorException known
            && known.code() != ErrorCode.COMMIT_FAILED
            && known.code() != ErrorCode.PUBLISH_FAILED;
    return hopeless
        ? new SuppressRestartsException(failure)
        : new IllegalStateException("a commit failed", failure);
  }

  @Override
  public void close() throws Exception {
    try {
      if (lanes != null && endedWell()) {
        drain();
      }
    } finally {
      closeAll();
    }
  }

  /** A job that was stopped with a savepoint ends only after its last commits. */
  private boolean endedWell() {
    return !getContainingTask().isCanceled() && !getContainingTask().isFailing();
  }

  private void closeAll() throws Exception {
    if (relations != null) {
      relations.close();
    }
    if (lanes != null) {
      lanes.close();
    }
    if (publisher != null) {
      publisher.close();
    }
    if (catalog != null) {
      catalog.close();
    }
    super.close();
  }
}
