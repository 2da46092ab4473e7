package io.datamirror.cli;

import io.datamirror.source.Phase;
import io.datamirror.source.SourceProgress;
import io.datamirror.source.TableProgress;
import io.datamirror.source.Trouble;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how far a mirror in this process has come: a line for a table whenever its phase changes,
 * and one for each table that is not through at least every ten seconds. Tells, too, what keeps a
 * table from being read, and when the job begins anew.
 */
final class RunProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunProgress.class);
  private static final long LOOK_MILLIS = 500;
  private static final long SILENCE_MILLIS = 9_000;

  private final Supplier<List<TableProgress>> tables;
  private final Console console;
  private final Clock clock;
  private final Map<String, Told> told = new HashMap<>();
  private RestartNotice restarts;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "mirror-progress");
            thread.setDaemon(true);
            return thread;
          });

  /** What was said of a table last. */
  private record Told(Phase phase, long rows, long atMillis) {}

  RunProgress(Supplier<List<TableProgress>> tables, Console console, Clock clock) {
    this.tables = tables;
    this.console = console;
    this.clock = clock;
  }

  /** Begins to watch a mirror. */
  static RunProgress watch(String mirror, Console console) {
    SourceProgress board = SourceProgress.of(mirror);
    RunProgress progress = new RunProgress(board::tables, console, Clock.systemUTC());
    var unused =
        progress.timer.scheduleWithFixedDelay(
            progress::lookOrSay, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return progress;
  }

  /** From now on it is said, too, when the job begins anew. */
  synchronized void follow(Supplier<CompletableFuture<JobStatus>> job) {
    restarts = new RestartNotice(job, console);
  }

  /** The timer would keep a failure to itself, and say nothing ever again. */
  private void lookOrSay() {
    try {
      look();
    } catch (RuntimeException | Error e) {
      LOG.warn("how far the mirror has come is not told any more", SafeFailure.of(e));
      throw e;
    }
  }

  /** Looks at the board once and says what is due. */
  synchronized void look() {
    if (restarts != null) {
      restarts.look();
    }
    long now = clock.millis();
    for (TableProgress table : tables.get()) {
      Told before = told.get(table.table());
      if (before == null) {
        told.put(table.table(), new Told(table.phase(), 0, now));
      } else if (due(table, before, now)) {
        console.say(line(table, before, now));
        told.put(table.table(), new Told(table.phase(), table.rows(), now));
      }
    }
  }

  private static boolean due(TableProgress table, Told before, long now) {
    return before.phase() != table.phase()
        || table.phase() != Phase.DONE && now - before.atMillis() >= SILENCE_MILLIS;
  }

  private static String line(TableProgress table, Told before, long now) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "  %-24s %-10s", table.table(), table.phase().words()));
    line.append(String.format(Locale.ROOT, " %,12d rows", table.rows()));
    long read = table.rows() - before.rows();
    if (read > 0 && now > before.atMillis()) {
      long perSecond = read * 1_000 / (now - before.atMillis());
      line.append(String.format(Locale.ROOT, " %,10d rows/s", perSecond));
    }
    long lag = table.lagMillis(now);
    if (lag >= 0 && table.phase() == Phase.CHANGES) {
      line.append("  lag ").append(Seconds.rough(lag));
    }
    table.trouble().ifPresent(trouble -> line.append(words(trouble, now)));
    return line.toString();
  }

  private static String words(Trouble trouble, long now) {
    return "  tried again for " + Seconds.rough(trouble.lastsMillis(now)) + ": " + trouble.kind();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
