package io.datamirror.connect;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what may hang in a thread of its own, which does not keep the process alive. */
public final class Aside {

  private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

  private Aside() {}

  /**
   * Does something and waits for its end, but no longer than its patience, and not when
   * interrupted. What it throws is logged.
   *
   * @return whether it has ended
   */
  public static boolean run(String name, Duration patience, Runnable doing) {
    Thread thread = begin(name, doing);
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** Does something and does not wait for it. */
  static Thread begin(String name, Runnable doing) {
    Thread thread = new Thread(() -> logged(name, doing), name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The classes of a job that has ended meanwhile may be gone. */
  private static void logged(String name, Runnable doing) {
    try {
      doing.run();
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("{} failed", name, e);
    }
  }
}
