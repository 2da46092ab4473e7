package io.datamirror.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a mirror's source works.
 *
 * @param until how far it reads
 * @param recalled when changes may follow what was recalled from the lake
 * @param announced how often the beginning of a chunk is told
 * @param board where it tells how far it has come
 * @param chunkRows how many rows one reader takes at a time, roughly
 * @param batchRows how many rows are handed over at a time, at most
 * @param retryLimit for how long a failing source is asked again before the job fails, or is
 *     restarted if it reads on and on
 */
public record SourceSettings(
    Until until,
    Recalled recalled,
    Announced announced,
    Board board,
    long chunkRows,
    int batchRows,
    Duration retryLimit)
    implements Serializable {

  /** How far a source reads. */
  public enum Until {
    /** Each table up to its newest change when the source starts; then the source ends. */
    NOW,
    /** On and on. */
    STOPPED
  }

  /** When what was recalled from the lake is known to whoever needs it. */
  public enum Recalled {
    /** When a checkpoint that began after it is complete: in streaming. */
    WITH_CHECKPOINT,
    /** At once, because the input is sorted before it is used: in batch. */
    AT_ONCE
  }

  /** How often the beginning of a chunk is told. */
  public enum Announced {
    /** Once. */
    ONCE,
    /**
     * Before each batch of its rows, for those downstream who keep no state: between two batches
     * the reading may move to another subtask.
     */
    EACH_BATCH
  }

  /** Where a source tells how far it has come. */
  public enum Board {
    /** On the one board of its name in this process, for whoever has started it. */
    SHARED,
    /** On one of its own, for its metrics alone: other jobs may be called the same. */
    OWN
  }

  private static final long CHUNK_ROWS = 250_000;
  private static final int BATCH_ROWS = 1_000;
  private static final Duration RETRY_LIMIT = Duration.ofMinutes(10);

  public SourceSettings {
    if (chunkRows < 1 || batchRows < 1 || retryLimit.isNegative()) {
      throw new IllegalArgumentException("rows are positive and the limit is not negative");
    }
  }

  /** The usual settings of a streaming job. */
  public static SourceSettings of(Until until) {
    return new SourceSettings(
        until,
        Recalled.WITH_CHECKPOINT,
        Announced.ONCE,
        Board.SHARED,
        CHUNK_ROWS,
        BATCH_ROWS,
        RETRY_LIMIT);
  }

  public SourceSettings withRecalled(Recalled changed) {
    return new SourceSettings(until, changed, announced, board, chunkRows, batchRows, retryLimit);
  }

  public SourceSettings withAnnounced(Announced changed) {
    return new SourceSettings(until, recalled, changed, board, chunkRows, batchRows, retryLimit);
  }

  public SourceSettings withBoard(Board changed) {
    return new SourceSettings(
        until, recalled, announced, changed, chunkRows, batchRows, retryLimit);
  }

  public SourceSettings withChunkRows(long changed) {
    return new SourceSettings(until, recalled, announced, board, changed, batchRows, retryLimit);
  }

  public SourceSettings withBatchRows(int changed) {
    return new SourceSettings(until, recalled, announced, board, chunkRows, changed, retryLimit);
  }

  public SourceSettings withRetryLimit(Duration changed) {
    return new SourceSettings(until, recalled, announced, board, chunkRows, batchRows, changed);
  }
}
