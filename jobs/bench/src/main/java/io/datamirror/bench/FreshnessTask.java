package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/** Changes come at a pace: how old are they when they can be read? */
public final class FreshnessTask extends StreamedTask {

  /** The figure that 99 of 100 changes did not exceed. */
  static final String P99 = "seconds old when readable, p99";

  /** The figure that says how much of the pace that was ordered the source kept. */
  static final String PACE_KEPT = "share of the pace";

  private static final Duration CHECKPOINTS = Duration.ofSeconds(1);
  private static final int PARTS_PER_SECOND = 20;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Ages ages;
  private double pace;

  public FreshnessTask(Order order) {
    super(order);
  }

  @Override
  void configure(Configuration settings) {
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
  }

  @Override
  void drive(Stream stream) throws Exception {
    ages = new Ages();
    CompletableFuture<Void> growing = CompletableFuture.runAsync(() -> grow(stream));
    long readable = 0;
    while (readable < stream.changes()) {
      if (growing.isCompletedExceptionally()) {
        break;
      }
      stream.pauseUntil("%d can be read in the lake".formatted(stream.changes()));
      readable = Math.max(readable, stream.readable());
      ages.readable(readable, System.nanoTime());
    }
    growing.get();
  }

  /** At the pace that was ordered; what is late is caught up with. */
  private void grow(Stream stream) {
    long part = Math.max(1, order().number("pace") / PARTS_PER_SECOND);
    long begin = System.nanoTime();
    long due = begin;
    try {
      for (long from = 0; from < stream.changes(); from += part) {
        due += NANOS_PER_SECOND / PARTS_PER_SECOND;
        int changes = stream.mirror().grow(from, from + part);
        ages.committed(Math.min(stream.changes(), from + part), changes, System.nanoTime());
        Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      }
      pace = stream.changes() * (double) NANOS_PER_SECOND / (System.nanoTime() - begin);
    } catch (SQLException e) {
      throw new IllegalStateException("the source does not grow", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void describe(Path lake, Properties result) {
    put(result, "changes a second", pace);
    put(result, PACE_KEPT, pace / order().number("pace"));
    put(result, "seconds old when readable, p50", seconds(0.5));
    put(result, P99, seconds(0.99));
    put(result, "seconds old when readable, at most", seconds(1));
  }

  private double seconds(double share) {
    return (double) ages.quantile(share) / NANOS_PER_SECOND;
  }
}
