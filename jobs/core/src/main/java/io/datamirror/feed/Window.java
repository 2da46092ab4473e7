package io.datamirror.feed;

import java.io.Serializable;

/**
 * A range of a table's history with frozen bounds: {@code (from, to]}.
 *
 * <p>The bounds are stored before the range is read and are the same at every replay.
 *
 * @param from the last position before the range
 * @param to the last position of the range
 * @param settledMillis every change that was committed in the source up to this instant of the
 *     server's clock, in epoch milliseconds, stands at {@code to} or before it
 */
public record Window(Position from, Position to, long settledMillis) implements Serializable {}
