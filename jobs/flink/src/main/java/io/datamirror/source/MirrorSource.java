package io.datamirror.source;

import io.datamirror.connect.HeldConnection;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.stream.MirrorRecord;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;

/**
 * All tables of a mirror as one source: what the lake knows of their keys, their base tables, and
 * their changes in windows with frozen bounds.
 *
 * <p>Every chunk of a window begins and ends with a {@link MirrorRecord.Progress}; between them
 * come its changes, each at least once and, seen from a checkpoint, exactly once. The source emits
 * the mirror's watermark itself: it is used without a watermark strategy. It opens one connection
 * for each of its subtasks that reads, and for planning what those leave, but at least one and no
 * more than are needed. Of more subtasks than {@link #readers} allows the others read nothing.
 */
public final class MirrorSource
    implements Source<MirrorRecord, MirrorSplit, MirrorEnumeratorState> {

  private static final long serialVersionUID = 1L;
  private static final int ENOUGH_FOR_TWO_PLANNERS = 5;

  private final MirrorPlan plan;
  private final SourceSettings settings;
  private final SourceConnections connections;
  private final RecallPlanner recallPlanner;
  private final Recaller recaller;

  /**
   * @param plan the mirror
   * @param settings how it is read
   * @param connections how the source is reached
   * @param recallPlanner what the lake says of a table when the job starts without state
   * @param recaller how what the lake knows is read
   */
  public MirrorSource(
      MirrorPlan plan,
      SourceSettings settings,
      SourceConnections connections,
      RecallPlanner recallPlanner,
      Recaller recaller) {
    this.plan = plan;
    this.settings = settings;
    this.connections = connections;
    this.recallPlanner = recallPlanner;
    this.recaller = recaller;
  }

  /**
   * How many readers there may be when {@code wanted} are asked for: the connections are bounded.
   * Where there are enough, two are left for planning, so that a table whose planning takes long
   * does not keep others waiting.
   */
  public static int readers(MirrorPlan plan, int wanted) {
    int connections = plan.spec().source().connections();
    boolean enough = connections >= ENOUGH_FOR_TWO_PLANNERS && plan.tables().size() > 1;
    return Math.max(1, Math.min(wanted, connections - (enough ? 2 : 1)));
  }

  @Override
  public Boundedness getBoundedness() {
    return settings.until() == Until.NOW ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SplitEnumerator<MirrorSplit, MirrorEnumeratorState> createEnumerator(
      SplitEnumeratorContext<MirrorSplit> context) {
    SourceProgress.of(plan.spec().mirror(), settings.board()).clear();
    return enumerator(context, MirrorSchedule.fresh(plan, rules()), threads(context));
  }

  @Override
  public SplitEnumerator<MirrorSplit, MirrorEnumeratorState> restoreEnumerator(
      SplitEnumeratorContext<MirrorSplit> context, MirrorEnumeratorState state) {
    if (state.generation() == plan.generation()) {
      connections.goOn();
    }
    return enumerator(context, MirrorSchedule.restored(plan, rules(), state), threads(context));
  }

  private ScheduleRules rules() {
    return ScheduleRules.of(settings, plan.spec().source());
  }

  private ExecutorService threads(SplitEnumeratorContext<MirrorSplit> context) {
    int readers = readers(plan, context.currentParallelism());
    int left = plan.spec().source().connections() - readers;
    return PlanningThreads.executor(plan.tables().size(), left);
  }

  /**
   * @param threads where the source is asked; ended with the enumerator
   */
  MirrorEnumerator enumerator(
      SplitEnumeratorContext<MirrorSplit> context,
      MirrorSchedule schedule,
      ExecutorService threads) {
    PlanningConnections asked = new PlanningConnections(() -> new HeldConnection(connections));
    Planning planning = new Planning(settings, plan, recallPlanner.own(), asked);
    return new MirrorEnumerator(
        context, plan, settings, schedule, new PlanningThreads(context, planning, threads));
  }

  @Override
  public SourceReader<MirrorRecord, MirrorSplit> createReader(SourceReaderContext context) {
    if (attempt(context) > 0) {
      // Refused credentials would have ended the job: they have worked, or nobody has asked.
      connections.goOn();
    }
    HeldConnection connection = new HeldConnection(connections);
    SplitOpener opener = new SplitOpener(plan, settings, recaller.own(), connection);
    SourceProgress board = SourceProgress.of(plan.spec().mirror(), settings.board());
    return new MirrorSourceReader(opener, connection, settings, board, context);
  }

  /** How often the reader's task was started before. */
  private static int attempt(SourceReaderContext context) {
    Map<String, String> variables = context.metricGroup().getAllVariables();
    return Integer.parseInt(variables.getOrDefault(ScopeFormat.SCOPE_TASK_ATTEMPT_NUM, "0"));
  }

  @Override
  public SimpleVersionedSerializer<MirrorSplit> getSplitSerializer() {
    return MirrorSplitSerializer.INSTANCE;
  }

  @Override
  public SimpleVersionedSerializer<MirrorEnumeratorState> getEnumeratorCheckpointSerializer() {
    return MirrorEnumeratorStateSerializer.INSTANCE;
  }
}
