package io.datamirror.source;

import java.util.Optional;

/**
 * How far the reading of a table has come, for people.
 *
 * @param table the table's name in the lake
 * @param phase what it is being read for
 * @param window the number of the newest window; 0 before the first
 * @param chunksDone how many chunks of that window were read
 * @param chunks how many chunks it has; 0 when it was read
 * @param position up to where windows were planned; empty before the first
 * @param settledMillis everything committed up to then, by the source's clock, was planned or read;
 *     {@link Long#MIN_VALUE} when that is not known
 * @param rows how many rows were read since the source started in this process
 * @param trouble why it is not read on; empty while it is
 */
public record TableProgress(
    String table,
    Phase phase,
    long window,
    int chunksDone,
    int chunks,
    String position,
    long settledMillis,
    long rows,
    Optional<Trouble> trouble) {

  TableProgress with(long counted, Optional<Trouble> told) {
    return new TableProgress(
        table, phase, window, chunksDone, chunks, position, settledMillis, counted, told);
  }

  /** How far the mirror's reading is behind {@code nowMillis}, or -1 when that is not known. */
  public long lagMillis(long nowMillis) {
    return settledMillis == Long.MIN_VALUE ? -1 : Math.max(0, nowMillis - settledMillis);
  }
}
