package io.datamirror.bench;

import java.io.PrintStream;
import java.time.Duration;

/** Says every ten seconds what is still being done. */
final class Ticker implements AutoCloseable {

  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final Thread thread;

  /**
   * @param what is being done
   */
  Ticker(String what, PrintStream talk) {
    thread = new Thread(() -> tick(what, talk), "bench-ticker");
    thread.setDaemon(true);
    thread.start();
  }

  private static void tick(String what, PrintStream talk) {
    try {
      for (Duration past = SILENCE; ; past = past.plus(SILENCE)) {
        Thread.sleep(SILENCE.toMillis());
        talk.printf("    %s, %d s%n", what, past.toSeconds());
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
