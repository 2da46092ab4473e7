package io.datamirror.table;

import io.datamirror.change.KeyId;
import io.datamirror.job.FlinkSettings;
import io.datamirror.job.Uids;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.LakeStart;
import io.datamirror.source.MirrorSource;
import io.datamirror.source.RecallPlanner;
import io.datamirror.source.Recaller;
import io.datamirror.source.SourceConnections;
import io.datamirror.source.SourceSettings;
import io.datamirror.source.SourceSettings.Announced;
import io.datamirror.source.SourceSettings.Board;
import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.source.Sources;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.ReadUntil;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SqlTable;
import io.datamirror.stream.BundleLimit;
import io.datamirror.stream.Flushing;
import io.datamirror.stream.KeyIdSerializer;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecordSerializer;
import io.datamirror.stream.RecordKey;
import io.datamirror.stream.ResolveOperatorFactory;
import io.datamirror.stream.SerializedType;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.data.RowData;

/**
 * A scan as a part of a job.
 *
 * <pre>
 * source ──▶ split ──changes──▶ resolve ──rows──▶ the query
 * </pre>
 */
final class MirrorScan implements DataStreamScanProvider {

  private static final TypeInformation<MirrorRecord> RECORDS =
      new SerializedType<>(MirrorRecord.class, MirrorRecordSerializer.INSTANCE);
  private static final TypeInformation<KeyId> KEYS =
      new SerializedType<>(KeyId.class, KeyIdSerializer.INSTANCE);

  /** Changes are handed over at once: this is for keys that one watermark makes due. */
  private static final BundleLimit BUNDLE = new BundleLimit(16L << 20);

  private final ObjectIdentifier name;
  private final SqlTable declared;
  private final TablePlan table;
  private final Output output;
  private final ReadUntil until;
  private final MirrorPlan plan;

  /** What the scan gives. */
  record Output(ScanMode mode, ResolvedColumns columns, TypeInformation<RowData> type) {}

  MirrorScan(
      ObjectIdentifier name, SqlTable declared, TablePlan table, Output output, ReadUntil until) {
    this.name = name;
    this.declared = declared;
    this.table = table;
    this.output = output;
    this.until = until;
    this.plan = plan(System.currentTimeMillis());
  }

  @Override
  public boolean isBounded() {
    return until == ReadUntil.NOW;
  }

  @Override
  public DataStream<RowData> produceDataStream(
      ProviderContext context, StreamExecutionEnvironment env) {
    if (output.mode() == ScanMode.ROWS) {
      FlinkSettings.checkBatch(env.getConfiguration());
    }
    String scanned = name.asSummaryString();
    int scan = scansOf(scanned, env) + 1;
    DataStream<MirrorRecord> read = read(env).uid(Uids.ofSql(Uids.SOURCE, scanned, scan));
    DataStream<MirrorRecord> records =
        read.process(new ScanRecords(output.columns()), RECORDS)
            .name("split")
            .setParallelism(read.getParallelism())
            .uid(Uids.ofSql(Uids.SPLIT, scanned, scan));
    return records
        .keyBy(new RecordKey(), KEYS)
        .transform("resolve " + table.name(), output.type(), resolver())
        .uid(Uids.ofSql(Uids.RESOLVE, scanned, scan));
  }

  private DataStreamSource<MirrorRecord> read(StreamExecutionEnvironment env) {
    return env.fromSource(
            new MirrorSource(
                plan,
                settings(output, until),
                SourceConnections.to(plan.spec().source()),
                NothingKnown.INSTANCE,
                NothingKnown.INSTANCE),
            WatermarkStrategy.noWatermarks(),
            "read " + table.name(),
            RECORDS)
        .setParallelism(MirrorSource.readers(plan, env.getParallelism()));
  }

  /**
   * A mirror of one table without a lake; in metrics, it is called as the table is in full. It is
   * started whenever it is planned: a query that goes on from a savepoint finds out anew how far it
   * reads, and one that only restarts does not.
   */
  private MirrorPlan plan(long plannedMillis) {
    String mirror = name.asSummaryString();
    LakeSpec none = new LakeSpec(Map.of(), "");
    SourceSpec source = Sources.absolute(declared.source());
    MirrorSpec spec = new MirrorSpec(mirror, source, none, List.of(table.spec()));
    return new MirrorPlan(spec, List.of(table), plannedMillis);
  }

  static SourceSettings settings(Output output, ReadUntil until) {
    Until asked =
        switch (until) {
          case NOW -> Until.NOW;
          case STOPPED -> Until.STOPPED;
        };
    // Nothing is recalled: no checkpoint is waited for, only readers that failed.
    Recalled recalled =
        switch (output.mode()) {
          case CHANGELOG -> Recalled.WITH_CHECKPOINT;
          case ROWS -> Recalled.AT_ONCE;
        };
    Announced announced = output.columns().carrying() ? Announced.EACH_BATCH : Announced.ONCE;
    return SourceSettings.of(asked)
        .withRecalled(recalled)
        .withAnnounced(announced)
        .withBoard(Board.OWN);
  }

  private ResolveOperatorFactory<RowData> resolver() {
    Flushing flushing =
        switch (output.mode()) {
          case CHANGELOG -> Flushing.EVERY_CHANGE;
          case ROWS -> Flushing.EVERY_KEY;
        };
    return new ResolveOperatorFactory<>(
        new ScanWritesFactory(
            plan.spec().mirror(),
            table.name(),
            table.spec().onBadRow(),
            output.mode(),
            output.columns()),
        Map.of(table.number(), table.forgetting()),
        flushing,
        BUNDLE);
  }

  /**
   * How many scans of this table the job has already: two stages may not share a name. In a plan
   * that was compiled the last stage of a scan has a name of Flink's.
   */
  private static int scansOf(String table, StreamExecutionEnvironment env) {
    String first = Uids.ofSql(Uids.SPLIT, table, 1);
    return (int)
        env.getTransformations().stream()
            .filter(known -> known.getUid() != null)
            .filter(known -> known.getUid().split("#", 2)[0].equals(first))
            .count();
  }

  /** A query knows nothing of earlier ones but by its savepoint. */
  private enum NothingKnown implements RecallPlanner, Recaller {
    INSTANCE;

    @Override
    public LakeStart start(TablePlan table) {
      return LakeStart.NOTHING;
    }

    @Override
    public NothingKnown own() {
      return this;
    }

    @Override
    public void close() {}

    @Override
    public Reading open(TablePlan table, byte[] task, long skip) {
      throw new IllegalStateException("nothing is to be recalled of " + table.name());
    }

    @Override
    public Rows openRows(TablePlan table, byte[] task, OptionalLong order) {
      throw new IllegalStateException("no rows are known of " + table.name());
    }
  }
}
