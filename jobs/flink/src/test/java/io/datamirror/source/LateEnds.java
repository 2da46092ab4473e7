package io.datamirror.source;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.taskmanager.Task;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/**
 * Holds up tasks that have ended before anybody is told of it, which else lasts some milliseconds:
 * until then the job manager takes them for running. A task writes to its log just then.
 */
final class LateEnds extends AbstractAppender implements AutoCloseable {

  private static final String ENDED = "Freeing task resources for ";
  private static final String LOGGER = Task.class.getName();

  private final LoggerContext logs = LoggerContext.getContext(false);
  private final String task;
  private final long delayMillis;
  private final AtomicInteger held = new AtomicInteger();

  private LateEnds(String task, long delayMillis) {
    super("late ends", null, null, true, Property.EMPTY_ARRAY);
    this.task = task;
    this.delayMillis = delayMillis;
  }

  /**
   * @param task how the names of the tasks begin
   */
  static LateEnds of(String task, long delayMillis) {
    LateEnds ends = new LateEnds(task, delayMillis);
    ends.start();
    LoggerConfig tasks = new LoggerConfig(LOGGER, Level.INFO, false);
    tasks.addAppender(ends, Level.INFO, null);
    ends.logs.getConfiguration().addLogger(LOGGER, tasks);
    ends.logs.updateLoggers();
    return ends;
  }

  /** How many tasks were held up. */
  int held() {
    return held.get();
  }

  @Override
  public void append(LogEvent event) {
    if (!event.getMessage().getFormattedMessage().startsWith(ENDED + task)) {
      return;
    }
    try {
      Thread.sleep(delayMillis);
      held.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    logs.getConfiguration().removeLogger(LOGGER);
    logs.updateLoggers();
    stop();
  }
}
