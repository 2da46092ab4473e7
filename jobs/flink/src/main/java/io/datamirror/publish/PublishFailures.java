package io.datamirror.publish;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long publishing has been going wrong. Each topic counts for itself: that others go on is no
 * sign that one of them ever will. One thread at a time.
 */
final class PublishFailures {

  private static final Logger LOG = LoggerFactory.getLogger(PublishFailures.class);

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final int MOST_DOUBLINGS = 10;

  private final long patienceNanos;
  private final Map<String, Failing> failing = new HashMap<>();
  private boolean opened;

  private static final class Failing {
    private final long sinceNanos = System.nanoTime();
    private int count;
  }

  /**
   * @param patience how long one topic may go wrong
   */
  PublishFailures(Duration patience) {
    this.patienceNanos = patience.toNanos();
  }

  /** Kafka has taken the credentials: a refusal from now on says that they were replaced. */
  void opened() {
    opened = true;
  }

  /** A topic goes well. */
  void none(String topic) {
    failing.remove(topic);
  }

  /**
   * It went wrong with a topic.
   *
   * @return how long to wait before another try
   * @throws MirrorException if there is to be none
   */
  long pauseMillis(RuntimeException cause, String topic) {
    Optional<MirrorException> hopeless = PublishErrors.hopeless(cause, topic);
    boolean replaced = opened && PublishErrors.refusedCredentials(cause);
    if (hopeless.isPresent() && !replaced) {
      throw hopeless.get();
    }
    Failing failed = failing.computeIfAbsent(topic, first -> new Failing());
    failed.count++;
    LOG.warn(
        "Publishing to {} failed {} times, last with {}",
        topic,
        failed.count,
        LakeFailure.classes(cause));
    if (System.nanoTime() - failed.sinceNanos > patienceNanos) {
      throw hopeless.orElseGet(() -> PublishErrors.givenUp(cause, topic));
    }
    return Math.min(
        LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failed.count - 1, MOST_DOUBLINGS));
  }
}
