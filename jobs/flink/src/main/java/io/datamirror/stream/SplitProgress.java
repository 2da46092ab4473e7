package io.datamirror.stream;

import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Lets keyed records pass, and sends what the source tells of its progress to one side. */
public final class SplitProgress extends ProcessFunction<MirrorRecord, MirrorRecord> {

  private static final long serialVersionUID = 1L;

  /** The side. */
  public static final OutputTag<MirrorRecord.Progress> PROGRESS =
      new OutputTag<>(
          "progress",
          new SerializedType<>(MirrorRecord.Progress.class, ProgressSerializer.INSTANCE));

  @Override
  public void processElement(MirrorRecord record, Context context, Collector<MirrorRecord> out) {
    if (record instanceof MirrorRecord.Progress progress) {
      context.output(PROGRESS, progress);
    } else {
      out.collect(record);
    }
  }
}
