package io.datamirror.simulation;

/** The job is gone, with everything that it held in memory. */
final class Crash extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Crash(CrashPoint point) {
    super(point.name(), null, false, false);
  }
}
