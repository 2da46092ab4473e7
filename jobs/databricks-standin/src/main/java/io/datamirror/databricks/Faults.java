package io.datamirror.databricks;

import java.util.EnumMap;
import java.util.Map;

/** The faults that are still to come. */
final class Faults {

  private final Map<Fault, Integer> left = new EnumMap<>(Fault.class);
  private StatementError error;

  synchronized void plan(Fault fault, int times, StatementError with) {
    left.put(fault, times);
    error = with == null ? error : with;
  }

  /** Whether it is this request's turn to fail so. */
  synchronized boolean due(Fault fault) {
    int times = left.getOrDefault(fault, 0);
    if (times > 0) {
      left.put(fault, times - 1);
    }
    return times > 0;
  }

  /** The error of {@link Fault#FAILED_CHANGES}. */
  synchronized StatementError error() {
    return error;
  }
}
