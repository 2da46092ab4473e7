package io.datamirror.stream;

import java.io.Serializable;
import org.apache.flink.metrics.MetricGroup;

/**
 * Opens the writes of one subtask; secrets are resolved here and not before.
 *
 * @param <T> what the writes hand over
 */
public interface WritesFactory<T> extends Serializable {

  /**
   * The writes of one subtask.
   *
   * @param subtask the number of the subtask
   * @param attempt counts the attempts of the subtask, so that names of files never meet
   * @param metrics the operator's
   */
  EpochWrites<T> open(int subtask, int attempt, MetricGroup metrics) throws InterruptedException;
}
