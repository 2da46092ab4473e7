package io.datamirror.topic;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Asks again before bad news is believed: a broker that has just started, or whose controller
 * changes, does not know yet what it should.
 *
 * @param patience for how long
 * @param pause between two questions
 */
record Belief(Duration patience, Duration pause) {

  static final Belief USUAL = new Belief(Duration.ofSeconds(30), Duration.ofMillis(200));

  /** What is asked. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws SQLException;
  }

  /** The first answer that is not bad, or the last one. */
  <T> T asked(Question<T> question, Predicate<T> bad) throws SQLException {
    long beganNanos = System.nanoTime();
    T answer = question.ask();
    while (bad.test(answer) && System.nanoTime() - beganNanos < patience.toNanos()) {
      await();
      answer = question.ask();
    }
    return answer;
  }

  private void await() throws SQLException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("reading was cancelled", e);
    }
  }
}
