package io.datamirror.source;

import io.datamirror.connect.HeldConnection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The connections of the threads that plan: one for each question that is being asked, the one used
 * last first, so that there are no more than have to be.
 */
final class PlanningConnections implements AutoCloseable {

  private final Supplier<HeldConnection> opening;
  private final Deque<HeldConnection> idle = new ArrayDeque<>();
  private final Set<HeldConnection> asking = new HashSet<>();
  private boolean closed;

  /**
   * @param opening makes one that nothing else uses
   */
  PlanningConnections(Supplier<HeldConnection> opening) {
    this.opening = opening;
  }

  /** One that nobody else has until it is given back. */
  synchronized HeldConnection take() throws SQLException {
    if (closed) {
      throw new SQLException("the planning has ended");
    }
    HeldConnection taken = idle.isEmpty() ? opening.get() : idle.pop();
    asking.add(taken);
    return taken;
  }

  synchronized void giveBack(HeldConnection taken) {
    asking.remove(taken);
    if (closed) {
      taken.close();
    } else {
      idle.push(taken);
    }
  }

  /** Cuts those that are being used, and closes the others. */
  @Override
  public synchronized void close() {
    closed = true;
    asking.forEach(HeldConnection::abort);
    idle.forEach(HeldConnection::close);
    idle.clear();
  }
}
