package io.datamirror.source;

/**
 * Why a table cannot be read on for now: something failed, and is tried again.
 *
 * @param kind what it failed with last: a code of the mirror's, or the class of a driver's error
 * @param sinceMillis since when it has failed, in epoch milliseconds
 */
public record Trouble(String kind, long sinceMillis) {

  /** For how long it has failed. */
  public long lastsMillis(long nowMillis) {
    return Math.max(0, nowMillis - sinceMillis);
  }
}
