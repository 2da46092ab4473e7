package io.datamirror.resolve;

import java.io.Serializable;

/**
 * When what is remembered of a table's keys may go.
 *
 * @param latenessMillis how far a change may be behind the watermark; {@link #NEVER} for as far as
 *     it likes
 * @param timeInKey whether the time is part of the key, so that all changes of a key have one time.
 *     Only then may a key whose row is present be forgotten: nothing that is not late can come for
 *     it any more. In other tables the place of a present row is always remembered
 */
public record Forgetting(long latenessMillis, boolean timeInKey) implements Serializable {

  /** The lateness of a table that forgets nothing. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Remembers every key for ever. */
  public static final Forgetting NOTHING = new Forgetting(NEVER, false);

  public boolean never() {
    return latenessMillis == NEVER;
  }

  boolean late(long timeMillis, long watermarkMillis) {
    return timeMillis < horizonMillis(watermarkMillis);
  }

  boolean forgettable(Memory memory, long watermarkMillis) {
    return late(memory.timeMillis(), watermarkMillis) && (!memory.present() || timeInKey);
  }

  /** The least watermark at which a memory of this time is forgettable. */
  long dueMillis(long timeMillis) {
    long due = timeMillis + latenessMillis + 1;
    return due < timeMillis ? Long.MAX_VALUE : due;
  }

  /**
   * What is older than this may be forgotten by a watermark; {@link Long#MIN_VALUE} for nothing.
   */
  public long horizonMillis(long watermarkMillis) {
    if (never()) {
      return Long.MIN_VALUE;
    }
    long horizon = watermarkMillis - latenessMillis;
    return horizon > watermarkMillis ? Long.MIN_VALUE : horizon;
  }
}
