package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeFailure;
import java.nio.channels.ClosedByInterruptException;
import java.util.function.Supplier;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again what may be done again, once at least, and for as long as its patience says. */
final class Retrying {

  private static final Logger LOG = LoggerFactory.getLogger(Retrying.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Patience patience;
  private final Runnable onRetry;

  Retrying(Patience patience) {
    this(patience, () -> {});
  }

  /**
   * @param onRetry called before every attempt but the first
   */
  Retrying(Patience patience, Runnable onRetry) {
    this.patience = patience;
    this.onRetry = onRetry;
  }

  /**
   * Calls {@code attempt} until it returns.
   *
   * @param table the table that it is about
   * @param task what it is, as in "a commit"
   * @throws MirrorException if trying again cannot help, or did not help
   */
  <T> T call(String table, String task, Supplier<T> attempt) throws InterruptedException {
    long startNanos = System.nanoTime();
    for (int failures = 1; ; failures++) {
      try {
        return attempt.get();
      } catch (RuntimeException e) {
        rethrowIfFinal(e);
        LOG.warn(
            "{} of {} failed {} times, last with {}",
            task,
            table,
            failures,
            LakeFailure.classes(e));
        // The first failure may itself have taken longer than that.
        if (failures > 1
            && System.nanoTime() - startNanos > patience.giveUpMillis() * NANOS_PER_MILLI) {
          throw givenUp(table, task, e);
        }
        Thread.sleep(patience.pauseMillis(failures));
        onRetry.run();
      }
    }
  }

  private static void rethrowIfFinal(RuntimeException failure) throws InterruptedException {
    if (Thread.interrupted() || interrupted(failure)) {
      throw new InterruptedException("interrupted during a commit");
    }
    if (failure instanceof MirrorException known && known.code() != ErrorCode.LAKE_UNREACHABLE) {
      throw known;
    }
  }

  /** Layers below sometimes forget that they were interrupted. */
  private static boolean interrupted(Throwable failure) {
    return ExceptionUtils.findThrowable(failure, InterruptedException.class).isPresent()
        || ExceptionUtils.findThrowable(failure, ClosedByInterruptException.class).isPresent();
  }

  private static MirrorException givenUp(String table, String task, RuntimeException failure) {
    return MirrorException.causedBy(
        LakeFailure.of(failure, table),
        ErrorCode.COMMIT_FAILED,
        table,
        task + " did not succeed (" + LakeFailure.classes(failure) + ")",
        "Check the catalog. The files are kept, and a restarted job commits them.");
  }
}
