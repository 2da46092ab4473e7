package io.datamirror.bench.child;

import java.util.concurrent.TimeUnit;

/**
 * How long a contender runs before it is measured.
 *
 * <p>By time and not by rows: the compiler of a contender that is fast is no faster. But not by
 * time alone: what a job does once at its start is compiled only after some jobs. Who is so slow
 * that a job takes long has compiled the rest in fewer of them.
 */
record WarmUp(long leastNanos) {

  private static final int LEAST_ROUNDS = 4;

  /** Times the least, after which nobody begins another round for the sake of its number. */
  private static final int MOST = 3;

  static WarmUp ofSeconds(long least) {
    return new WarmUp(TimeUnit.SECONDS.toNanos(least));
  }

  /** Whether so many rounds that took so long are enough; without a time, one is. */
  boolean isEnough(int rounds, long nanos) {
    return nanos >= leastNanos && (rounds >= LEAST_ROUNDS || nanos >= MOST * leastNanos);
  }
}
