package io.datamirror.simulation;

/**
 * A window of one table with frozen bounds.
 *
 * @param number counts the windows of the table since the start, from 0
 * @param from the last position before it
 * @param to its last position
 * @param chunks how many splits it has
 * @param watermarkMillis the mirror's watermark when it was planned
 */
record Frame(long number, int from, int to, int chunks, long watermarkMillis) {}
