package io.datamirror.source;

import io.datamirror.feed.Resume;
import java.util.Objects;

/**
 * How far the reading of a split has come. Everything that it counts was emitted.
 *
 * @param step where the reading stands
 * @param resume where a chunk goes on
 * @param rows how many rows were emitted
 * @param maxTimeMillis the greatest time among them, or {@link Long#MIN_VALUE}
 */
public record Reading(Step step, Resume resume, long rows, long maxTimeMillis) {

  /** Where a reading stands. */
  public enum Step {
    /** Nothing was emitted. */
    NEW,
    /** The begin was emitted, perhaps rows too. */
    BEGUN,
    /** The end was emitted, but the enumerator has not said yet that it knows. */
    DONE,
    /** It cannot be read on by now, and the enumerator has not said yet that it has it back. */
    RETURNED
  }

  /** Nothing was emitted yet. */
  public static final Reading NONE = new Reading(Step.NEW, Resume.START, 0, Long.MIN_VALUE);

  /** The same for a split that is given back. */
  Reading returned() {
    return new Reading(Step.RETURNED, resume, rows, maxTimeMillis);
  }

  /** Where a split that was given back goes on. */
  Reading again() {
    return new Reading(rows == 0 ? Step.NEW : Step.BEGUN, resume, rows, maxTimeMillis);
  }

  public Reading {
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(resume, "resume");
  }
}
