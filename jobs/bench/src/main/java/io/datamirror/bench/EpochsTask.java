package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/** Epochs of equally many changes, each begun when the one before can be read. */
public final class EpochsTask extends StreamedTask {

  private final CommitDrift drift = new CommitDrift();

  public EpochsTask(Order order) {
    super(order);
  }

  /** Checkpoints are triggered, not waited for. */
  @Override
  void configure(Configuration settings) {
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
  }

  @Override
  void drive(Stream stream) throws Exception {
    drift.restart();
    long part = order().number("epoch-rows");
    for (long from = 0; from < stream.changes(); from += part) {
      long to = Math.min(stream.changes(), from + part);
      stream.mirror().grow(from, to);
      while (stream.read() < to) {
        stream.pauseUntil("%d are read".formatted(to));
      }
      drift.begin();
      while (stream.readable() < to) {
        // The end of a window may come after the last of its rows: then the next one tells of it.
        stream.mirror().checkpoint();
        stream.pauseUntil("%d can be read in the lake".formatted(to));
      }
      drift.end();
    }
  }

  @Override
  public void describe(Path lake, Properties result) {
    drift.describe(result);
  }
}
