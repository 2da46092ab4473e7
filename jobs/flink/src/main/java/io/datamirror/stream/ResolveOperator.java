package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.KeyGroups;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.Resolver;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * Resolves the changes of its keys and writes what wins.
 *
 * <p>A thin shell: the law, the folding and the counting are {@link Resolver}'s, the files are
 * {@link EpochWrites}'. This class gives them keyed state, timers and the moments to flush: always
 * before a barrier, so that a checkpoint never holds a change that is neither in a file nor in the
 * source's position.
 *
 * @param <T> what the writes hand over
 */
final class ResolveOperator<T> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<MirrorRecord, T>,
        BoundedOneInput,
        Triggerable<KeyId, VoidNamespace> {

  private static final long serialVersionUID = 1L;
  private static final String TIMERS = "forget";

  private static final ListStateDescriptor<byte[]> FORGOTTEN =
      new ListStateDescriptor<>("forgotten", BytePrimitiveArraySerializer.INSTANCE);

  /** Timers are rounded up to this share of the lateness, so that keys of one time share one. */
  private static final int TIMER_SHARE = 64;

  /** After so much time keys of a table that has left the mirror are looked at again. */
  private static final long AWAY_MILLIS = Duration.ofDays(1).toMillis();

  /** Of the memory that the bundle may take, so much more goes to recent memories. */
  private static final int RECENT_SHARE = 4;

  private final WritesFactory<T> writesFactory;
  private final Map<Integer, Forgetting> forgetting;
  private final Floors floors;
  private final Flushing flushing;
  private final BundleLimit bundleLimit;

  private transient long bundleLimitBytes;
  private transient EpochWrites<T> writes;
  private transient Resolver<BinaryRowData> resolver;
  private transient StateStore memories;
  private transient KeyGroups groups;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient KeyId lastKey;
  private transient ListState<byte[]> forgottenState;

  /** By table number, what keys had been forgotten by when this began. */
  private transient Map<Integer, Long> forgotten;

  /** By table number: keys of what is older may have been forgotten when this began. */
  private transient Map<Integer, Long> horizons;

  /** By table number, the lateness by which its keys are looked at again. */
  private transient Map<Integer, Long> latenesses;

  /** The watermark since this began; {@link Long#MIN_VALUE} at first. */
  private transient long watermarkMillis;

  ResolveOperator(
      StreamOperatorParameters<T> parameters,
      WritesFactory<T> writesFactory,
      Map<Integer, Forgetting> forgetting,
      Floors floors,
      Flushing flushing,
      BundleLimit bundleLimit) {
    super(parameters);
    this.writesFactory = writesFactory;
    this.forgetting = forgetting;
    this.floors = floors;
    this.flushing = flushing;
    this.bundleLimit = bundleLimit;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
    int maxParallelism = getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks();
    bundleLimitBytes =
        bundleLimit.bytes(
            getContainingTask().getEnvironment().getTaskManagerInfo().getConfiguration(),
            Runtime.getRuntime().maxMemory());
    Set<Integer> sooner = restoreForgotten(context.getOperatorStateStore());
    groups = key -> KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
    timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
    writes = writesFactory.open(subtask, attempt, getMetricGroup());
    long recentBytes = flushing.sorted() ? 0 : bundleLimitBytes / RECENT_SHARE;
    StateStores stores =
        new StateStores(getKeyedStateBackend(), this, this::remindOfForgetting, recentBytes);
    memories = context.isRestored() ? stores.restored() : stores.fresh();
    resolver = new Resolver<>(memories, new RowArena(), writes, forgetting, horizons);
    if (context.isRestored() && !sooner.isEmpty()) {
      stores.rememberAgain(sooner);
    }
  }

  /**
   * All subtasks get the states of all: see {@link Forgotten#and}.
   *
   * @return the tables that forget sooner than they did, so that no timer comes for their keys
   */
  private Set<Integer> restoreForgotten(OperatorStateStore store) throws Exception {
    forgottenState = store.getUnionListState(FORGOTTEN);
    Forgotten restored = restoredForgotten();
    watermarkMillis = Long.MIN_VALUE;
    forgotten = new HashMap<>(restored.watermarks());
    horizons = new HashMap<>(restored.horizons());
    latenesses = new HashMap<>(restored.latenesses());
    Set<Integer> sooner = new HashSet<>();
    forgetting.forEach(
        (table, rule) -> {
          latenesses.put(table, rule.latenessMillis());
          if (!restored.looksAgain(table, rule.latenessMillis())) {
            sooner.add(table);
          }
          long millis = restored.watermarkMillis(table, floors.watermarkMillis(table));
          long keptMillis = restored.horizonMillis(table, floors.horizonMillis(table));
          forgotten.put(table, millis);
          horizons.put(table, Math.max(keptMillis, rule.horizonMillis(millis)));
        });
    return sooner;
  }

  private Forgotten restoredForgotten() throws Exception {
    Forgotten restored = Forgotten.NOTHING;
    for (byte[] bytes : forgottenState.get()) {
      restored = restored.and(Forgotten.fromBytes(bytes));
    }
    return restored;
  }

  /** Flink takes the snapshot of keyed state after this. */
  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    memories.prepareSnapshot();
    forgottenState.update(List.of(forgottenByNow().toBytes()));
  }

  private Forgotten forgottenByNow() {
    Map<Integer, Long> now = new HashMap<>(forgotten);
    Map<Integer, Long> horizonsNow = new HashMap<>(horizons);
    forgetting.forEach(
        (table, rule) -> {
          now.merge(table, watermarkMillis, Math::max);
          horizonsNow.merge(table, rule.horizonMillis(watermarkMillis), Math::max);
        });
    return new Forgotten(now, horizonsNow, latenesses);
  }

  @Override
  public void processElement(StreamRecord<MirrorRecord> element) throws Exception {
    MirrorRecord record = element.getValue();
    if (record instanceof MirrorRecord.Change change) {
      flushIfKeyChanges(change.key());
      resolver.offer(change, watermarkMillis);
      if (flushing == Flushing.EVERY_CHANGE) {
        flush();
        handOver();
      } else {
        flushIfFull();
      }
    } else if (record instanceof MirrorRecord.Recall recall) {
      flushIfKeyChanges(recall.key());
      resolver.recall(recall.key(), recall.memory());
    } else if (record instanceof MirrorRecord.Reject reject) {
      resolver.reject(reject.key().table(), reject.entry());
    } else {
      throw new IllegalStateException("not for the resolver: " + record);
    }
  }

  private void flushIfKeyChanges(KeyId key) throws IOException {
    if (!flushing.sorted() || key.equals(lastKey)) {
      return;
    }
    flush();
    if (flushing.atOnce()) {
      handOver();
    }
    lastKey = key;
  }

  /** A key that is handed over once is handed over when it is left: more of it may come. */
  private void flushIfFull() throws IOException {
    if (resolver.bundleBytes() > bundleLimitBytes) {
      flush();
      if (flushing != Flushing.EVERY_KEY) {
        handOver();
      }
    }
  }

  private void flush() {
    if (flushing == Flushing.BY_EPOCH) {
      resolver.announce();
    }
    if (memories.ordered()) {
      resolver.flush(groups, watermarkMillis);
    } else if (flushing == Flushing.BY_EPOCH) {
      resolver.flushTables(watermarkMillis);
    } else {
      resolver.flush(watermarkMillis);
    }
  }

  private void handOver() throws IOException {
    for (T written : writes.drain(resolver.drainCounts(), this::forgottenBy)) {
      output.collect(new StreamRecord<>(written));
    }
  }

  /** As of now; of a table that is not mirrored, the watermark alone. */
  private long forgottenBy(int table) {
    return Math.max(watermarkMillis, forgotten.getOrDefault(table, Long.MIN_VALUE));
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
    handOver();
  }

  @Override
  public void endInput() throws Exception {
    flush();
    handOver();
  }

  private void remindOfForgetting(KeyId key, Memory memory) {
    if (flushing.sorted()) {
      return;
    }
    OptionalLong due = resolver.dueMillis(key, memory);
    if (due.isPresent()) {
      setCurrentKey(key);
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, roundUp(key, due.getAsLong()));
    }
  }

  private long roundUp(KeyId key, long dueMillis) {
    long step = Math.max(1, forgetting.get(key.table()).latenessMillis() / TIMER_SHARE);
    long rounded = Math.floorDiv(dueMillis, step) * step + step;
    return rounded < dueMillis ? Long.MAX_VALUE - 1 : rounded;
  }

  /**
   * One watermark may make more keys due than fit in memory. Those of a table that has left the
   * mirror are looked at again later: it may have come back by then.
   */
  @Override
  public void onEventTime(InternalTimer<KeyId, VoidNamespace> timer) throws IOException {
    if (!resolver.due(timer.getKey())) {
      long later = Math.max(watermarkMillis, timer.getTimestamp()) + AWAY_MILLIS;
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, later);
    }
    flushIfFull();
  }

  @Override
  public void onProcessingTime(InternalTimer<KeyId, VoidNamespace> timer) {
    throw new IllegalStateException("no timer is set in processing time");
  }

  /**
   * The end of input says that nothing more will be read, not that time has passed: a job that goes
   * on from here later must still remember what it remembers now.
   */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp()) {
      output.emitWatermark(mark);
      return;
    }
    watermarkMillis = Math.max(watermarkMillis, mark.getTimestamp());
    super.processWatermark(flushing.atOnce() ? ofFlink(mark) : mark);
  }

  /**
   * For a query: the mirror's watermark says that nothing older is to come, Flink's that nothing as
   * old is either.
   */
  private static Watermark ofFlink(Watermark mark) {
    return new Watermark(mark.getTimestamp() - 1);
  }

  /** Keys are set when the bundle is flushed, once for all changes of a key. */
  @Override
  @SuppressWarnings("rawtypes")
  public void setKeyContextElement1(StreamRecord record) {}

  @Override
  public boolean hasKeyContext1() {
    return false;
  }

  @Override
  public void close() throws Exception {
    if (writes != null) {
      writes.close();
    }
    super.close();
  }
}
