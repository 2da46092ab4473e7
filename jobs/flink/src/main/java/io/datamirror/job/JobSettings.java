package io.datamirror.job;

import java.io.Serializable;

/**
 * How a mirror runs, apart from what it mirrors.
 *
 * @param until how far it reads
 * @param bundleBytes how much memory the folded changes of one subtask may hold before they are
 *     written
 * @param chunkRows how many rows one reader takes at a time, roughly
 */
public record JobSettings(Until until, long bundleBytes, long chunkRows) implements Serializable {

  /** How far a mirror reads. */
  public enum Until {
    /** Up to what is settled when it starts; then it ends. */
    NOW,
    /** On and on, until it is stopped. */
    STOPPED
  }

  private static final long DEFAULT_BUNDLE_BYTES = 64L << 20;
  private static final long DEFAULT_CHUNK_ROWS = 250_000;

  public static JobSettings of(Until until) {
    return new JobSettings(until, DEFAULT_BUNDLE_BYTES, DEFAULT_CHUNK_ROWS);
  }
}
