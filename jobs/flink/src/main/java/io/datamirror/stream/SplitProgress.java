package io.datamirror.stream;

import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Lets keyed records pass, and sends what the source tells of its progress to one side. */
public final class SplitProgress extends ProcessFunction<MirrorRecord, MirrorRecord> {

  private static final long serialVersionUID = 1L;

  /** The side: {@link MirrorRecord.Progress} only. */
  public static final OutputTag<MirrorRecord> PROGRESS =
      new OutputTag<>(
          "progress", new SerializedType<>(MirrorRecord.class, MirrorRecordSerializer.INSTANCE));

  @Override
  public void processElement(MirrorRecord record, Context context, Collector<MirrorRecord> out) {
    if (record instanceof MirrorRecord.Progress) {
      context.output(PROGRESS, record);
    } else {
      out.collect(record);
    }
  }
}
