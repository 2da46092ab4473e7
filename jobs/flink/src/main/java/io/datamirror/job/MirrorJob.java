package io.datamirror.job;

import io.datamirror.change.KeyId;
import io.datamirror.commit.Closing;
import io.datamirror.commit.CommitOperatorFactory;
import io.datamirror.commit.FirstEpoch;
import io.datamirror.commit.Part;
import io.datamirror.commit.PartSerializer;
import io.datamirror.commit.Patience;
import io.datamirror.commit.Reopening;
import io.datamirror.lake.LakeWrites;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.MirrorSource;
import io.datamirror.source.RecallPlanner;
import io.datamirror.source.SourceConnections;
import io.datamirror.source.SourceSettings;
import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.stream.Floors;
import io.datamirror.stream.Flushing;
import io.datamirror.stream.KeyIdSerializer;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecordSerializer;
import io.datamirror.stream.RecordKey;
import io.datamirror.stream.ResolveOperatorFactory;
import io.datamirror.stream.SerializedType;
import io.datamirror.stream.SplitProgress;
import io.datamirror.stream.WritesFactory;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A mirror as a Flink job.
 *
 * <pre>
 * source ──▶ split ──changes──▶ resolve, write ──files──▶ commit
 *              └───────────────progress──────────────────▶
 * </pre>
 */
public final class MirrorJob {

  private static final TypeInformation<MirrorRecord> RECORDS =
      new SerializedType<>(MirrorRecord.class, MirrorRecordSerializer.INSTANCE);
  private static final TypeInformation<KeyId> KEYS =
      new SerializedType<>(KeyId.class, KeyIdSerializer.INSTANCE);

  private final Launch launch;
  private final JobSettings settings;
  private final UnaryOperator<WritesFactory<Part>> writes;
  private final KeptPosition kept;

  public MirrorJob(Launch launch, JobSettings settings) {
    this(launch, settings, UnaryOperator.identity(), null);
  }

  /**
   * @param kept the position that the tables keep; null if they take those of the source
   */
  private MirrorJob(
      Launch launch,
      JobSettings settings,
      UnaryOperator<WritesFactory<Part>> writes,
      KeptPosition kept) {
    this.launch = launch;
    this.settings = settings;
    this.writes = writes;
    this.kept = kept;
  }

  /** The same job over a source whose positions mean nothing to the tables. */
  MirrorJob keeping(KeptPosition position) {
    return new MirrorJob(launch, settings, writes, position);
  }

  /** The same job with something around its writes. */
  MirrorJob withWrites(UnaryOperator<WritesFactory<Part>> changed) {
    return new MirrorJob(launch, settings, changed, kept);
  }

  /**
   * Looks whether an environment is set up so that a mirror loses nothing; to be called before
   * anything is touched.
   *
   * @throws io.datamirror.error.MirrorException naming the setting that would lose data
   */
  public static void checkSettings(StreamExecutionEnvironment env) {
    FlinkSettings.applyTo(env);
  }

  /** Adds the job to an environment that is about to be executed. */
  public void attachTo(StreamExecutionEnvironment env) {
    RuntimeExecutionMode mode = FlinkSettings.applyTo(env);
    SingleOutputStreamOperator<MirrorRecord> records = split(read(env, mode));
    DataStream<Part> parts = resolve(keyed(env, records, mode), mode);
    commit(parts, records.getSideOutput(SplitProgress.PROGRESS), mode);
  }

  private DataStream<MirrorRecord> read(StreamExecutionEnvironment env, RuntimeExecutionMode mode) {
    MirrorPlan plan = launch.plan();
    SourceSettings source =
        settings
            .source()
            .withRecalled(
                mode == RuntimeExecutionMode.BATCH ? Recalled.AT_ONCE : Recalled.WITH_CHECKPOINT);
    JobRecall recall = recall(plan, mode);
    RecallPlanner planner = kept == null ? recall : new KeptPosition.Recall(recall);
    SingleOutputStreamOperator<MirrorRecord> records =
        env.fromSource(
                new MirrorSource(
                    plan, source, SourceConnections.to(plan.spec().source()), planner, recall),
                WatermarkStrategy.noWatermarks(),
                "read " + plan.spec().mirror(),
                RECORDS)
            .setParallelism(MirrorSource.readers(plan, env.getParallelism()))
            .uid(Uids.SOURCE);
    return kept == null ? records : keepPosition(records);
  }

  private JobRecall recall(MirrorPlan plan, RuntimeExecutionMode mode) {
    JobRecall recall = new JobRecall(plan.spec().lake(), plan.generation());
    return mode == RuntimeExecutionMode.BATCH
        ? recall.committingOnce(FirstEpoch.commitId(plan.spec().mirror(), launch.start()))
        : recall;
  }

  /**
   * Nor does the clock of a file say anything of the source of its table: by its watermark nothing
   * is forgotten, and nothing late.
   */
  private DataStream<MirrorRecord> keepPosition(DataStream<MirrorRecord> records) {
    return records
        .map(kept)
        .returns(RECORDS)
        .name("keep position")
        .setParallelism(records.getParallelism())
        .uid(Uids.KEEP_POSITION)
        .assignTimestampsAndWatermarks(WatermarkStrategy.noWatermarks())
        .name("keep watermark")
        .setParallelism(records.getParallelism())
        .uid(Uids.KEEP_WATERMARK);
  }

  private static SingleOutputStreamOperator<MirrorRecord> split(DataStream<MirrorRecord> read) {
    return read.process(new SplitProgress(), RECORDS)
        .name("split")
        .setParallelism(read.getParallelism())
        .uid(Uids.SPLIT);
  }

  /**
   * By key. Where one task may read and resolve, it hands records over as they are: on the way
   * between two of them each is taken apart and made anew, and one wakes the other for every
   * buffer. The key groups are those of any other job, so that a savepoint is gone on from with
   * more subtasks.
   */
  private static KeyedStream<MirrorRecord, KeyId> keyed(
      StreamExecutionEnvironment env,
      SingleOutputStreamOperator<MirrorRecord> records,
      RuntimeExecutionMode mode) {
    boolean oneTask =
        mode == RuntimeExecutionMode.STREAMING
            && records.getParallelism() == 1
            && FlinkSettings.staysAlone(env);
    return oneTask
        ? DataStreamUtils.reinterpretAsKeyedStream(records, new RecordKey(), KEYS)
        : records.keyBy(new RecordKey(), KEYS);
  }

  private DataStream<Part> resolve(
      KeyedStream<MirrorRecord, KeyId> records, RuntimeExecutionMode mode) {
    Flushing flushing = mode == RuntimeExecutionMode.BATCH ? Flushing.BY_KEY : Flushing.BY_EPOCH;
    ResolveOperatorFactory<Part> operator =
        new ResolveOperatorFactory<>(
            writes.apply(new LakeWrites(launch.plan(), reopening())),
            launch.plan().forgetting(),
            floors(),
            flushing,
            settings.bundle());
    return records
        .transform("resolve and write", PartSerializer.type(), operator)
        .uid(Uids.RESOLVE);
  }

  private void commit(
      DataStream<Part> parts,
      DataStream<MirrorRecord.Progress> progress,
      RuntimeExecutionMode mode) {
    Closing closing = mode == RuntimeExecutionMode.BATCH ? Closing.AT_END : Closing.BY_CHECKPOINT;
    CommitOperatorFactory operator =
        new CommitOperatorFactory(
            launch.plan(),
            launch.start(),
            closing,
            settings.onLakeAhead(),
            Patience.DEFAULT,
            reopening());
    parts
        .global()
        .connect(progress.global())
        .transform("commit", Types.VOID, operator)
        .uid(Uids.COMMIT)
        .setParallelism(1)
        .setMaxParallelism(1);
  }

  private Reopening reopening() {
    return switch (settings.source().until()) {
      case NOW -> Reopening.BRIEF;
      case STOPPED -> Reopening.PATIENT;
    };
  }

  private Floors floors() {
    List<TablePlan> tables = launch.plan().tables();
    return new Floors(launch.start().floors(tables), launch.start().horizons(tables));
  }
}
