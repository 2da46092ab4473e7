package io.datamirror.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections that count how often they were told that they go on for others. */
record CountedConnections(SourceConnections of) implements SourceConnections {

  /** They travel to tasks, and count in one place. */
  static final AtomicInteger GOING_ON = new AtomicInteger();

  @Override
  public void goOn() {
    GOING_ON.incrementAndGet();
  }

  @Override
  public Connection open() throws SQLException {
    return of.open();
  }
}
