package io.datamirror.source;

import io.datamirror.stream.MirrorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * Keeps what it is sent in its state, and tells it when the input ends: what it tells was sent
 * exactly once, seen from the checkpoints. Fails as often as it is ordered to, each time at the
 * first record after a checkpoint that held some.
 */
final class Collector extends AbstractStreamOperator<String>
    implements OneInputStreamOperator<MirrorRecord, String>, BoundedOneInput {

  private static final long serialVersionUID = 1L;
  private static final Map<String, Told> ALL = new ConcurrentHashMap<>();

  private final String name;
  private transient ListState<String> state;
  private transient List<String> seen;
  private transient boolean checkpointed;

  /** What collectors of a name tell. */
  static final class Told {
    final List<String> records = new CopyOnWriteArrayList<>();
    final List<Long> watermarks = new CopyOnWriteArrayList<>();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger failuresAtSource = new AtomicInteger();
    final CountDownLatch firstCheckpoint = new CountDownLatch(1);
    final CountDownLatch firstRecord = new CountDownLatch(1);
  }

  Collector(String name) {
    this.name = name;
  }

  static Told told(String name) {
    return ALL.computeIfAbsent(name, key -> new Told());
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("seen", StringSerializer.INSTANCE));
    seen = new ArrayList<>();
    state.get().forEach(seen::add);
  }

  @Override
  public void processElement(StreamRecord<MirrorRecord> element) {
    if (checkpointed && told(name).failures.getAndDecrement() > 0) {
      throw new IllegalStateException("ordered to fail");
    }
    seen.add(text(element.getValue()));
    told(name).firstRecord.countDown();
  }

  static String text(MirrorRecord record) {
    if (record instanceof MirrorRecord.Change change) {
      BinaryRowData row = change.row();
      return "change " + change.key().table() + " " + row.getLong(0) + " " + row.getString(2);
    }
    if (record instanceof MirrorRecord.Progress progress) {
      return "progress "
          + progress.table()
          + " "
          + progress.window()
          + " "
          + progress.chunk()
          + "/"
          + progress.chunks()
          + " "
          + progress.step()
          + " "
          + progress.position();
    }
    if (record instanceof MirrorRecord.Recall recall) {
      return "recall " + recall.key().table() + " " + recall.key().high();
    }
    return "reject " + ((MirrorRecord.Reject) record).entry().error();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    super.processWatermark(mark);
    told(name).watermarks.add(mark.getTimestamp());
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(seen);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    if (!seen.isEmpty()) {
      checkpointed = true;
      told(name).firstCheckpoint.countDown();
    }
  }

  @Override
  public void endInput() {
    told(name).records.addAll(seen);
  }
}
