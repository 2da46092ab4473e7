package io.datamirror.publish;

/**
 * Passes on what was committed. It is told when there may be something new; what that is, it finds
 * in the lake, so that nothing has to be remembered for it.
 */
public interface Publisher extends AutoCloseable {

  /** Passes nothing on. */
  Publisher NONE =
      new Publisher() {
        @Override
        public void committed(String table) {}

        @Override
        public void drain() {}

        @Override
        public void close() {}
      };

  /** A table may have a new snapshot. Returns at once; from any thread. */
  void committed(String table);

  /**
   * Waits until everything that the lake held at the call is passed on.
   *
   * @throws java.util.concurrent.CompletionException if it cannot be, with the reason
   */
  void drain() throws InterruptedException;

  /** Gives up what is under way. */
  @Override
  void close();
}
