package io.datamirror.source;

import io.datamirror.stream.MirrorRecord;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Fails in the task of the source, as often as is ordered, when some records have passed. */
final class FailingOnce extends ProcessFunction<MirrorRecord, MirrorRecord> {

  private static final long serialVersionUID = 1L;
  private static final int PASSING = 700;

  private final String name;
  private transient int passed;

  FailingOnce(String name) {
    this.name = name;
  }

  @Override
  public void processElement(MirrorRecord record, Context context, Collector<MirrorRecord> out) {
    passed++;
    if (passed == PASSING
        && io.datamirror.source.Collector.told(name).failuresAtSource.getAndDecrement() > 0) {
      throw new IllegalStateException("ordered to fail");
    }
    out.collect(record);
  }
}
