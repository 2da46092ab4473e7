package io.datamirror.simulation;

/** A job has stopped by itself and says why. */
final class Stopped extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a job stops. */
  enum Reason {
    /** A newer generation has taken over. */
    FENCED,
    /** The lake holds epochs that the job's state does not know. */
    LAKE_AHEAD
  }

  private final Reason reason;

  Stopped(Reason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
