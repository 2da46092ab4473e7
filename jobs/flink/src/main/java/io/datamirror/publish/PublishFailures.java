package io.datamirror.publish;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long publishing has been going wrong. Each topic counts for itself: that others go on is no
 * sign that one of them ever will. Credentials that Kafka refuses are wrong, unless they were right
 * before: then they are being exchanged, and the next clients are made with the new ones. One
 * thread at a time.
 */
final class PublishFailures {

  private static final Logger LOG = LoggerFactory.getLogger(PublishFailures.class);

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final int MOST_DOUBLINGS = 10;

  private final long patienceNanos;
  private final LongSupplier clockNanos;
  private final Map<String, Failing> failing = new HashMap<>();
  private boolean worked;

  private static final class Failing {
    private final long sinceNanos;
    private int count;

    Failing(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  /**
   * @param patience how long one topic may go wrong
   */
  PublishFailures(Duration patience, LongSupplier clockNanos) {
    this.patienceNanos = patience.toNanos();
    this.clockNanos = clockNanos;
  }

  /** A topic goes well. */
  void none(String topic) {
    worked = true;
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
    if (hopeless.isPresent() && !(worked && PublishErrors.refused(cause))) {
      throw hopeless.get();
    }
    long nowNanos = clockNanos.getAsLong();
    Failing failed = failing.computeIfAbsent(topic, first -> new Failing(nowNanos));
    failed.count++;
    LOG.warn(
        "Publishing to {} failed {} times, last with {}",
        topic,
        failed.count,
        LakeFailure.classes(cause));
    if (nowNanos - failed.sinceNanos > patienceNanos) {
      throw hopeless.orElseGet(() -> PublishErrors.givenUp(cause, topic));
    }
    return Math.min(
        LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failed.count - 1, MOST_DOUBLINGS));
  }
}
