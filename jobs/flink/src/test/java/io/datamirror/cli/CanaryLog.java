package io.datamirror.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Listens to everything that is logged in this JVM, down to TRACE, for canaries. */
final class CanaryLog extends AbstractAppender implements AutoCloseable {
  private final Canaries canaries;
  private final List<String> hits = new CopyOnWriteArrayList<>();
  private final AtomicLong events = new AtomicLong();
  private final LoggerConfig root;
  private final Level level;
  private final List<Appender> others;

  private CanaryLog(Canaries canaries, LoggerConfig root) {
    super("canaries", null, null, true, Property.EMPTY_ARRAY);
    this.canaries = canaries;
    this.root = root;
    this.level = root.getLevel();
    this.others = List.copyOf(root.getAppenders().values());
  }

  static CanaryLog listen(Canaries canaries) {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    CanaryLog log = new CanaryLog(canaries, context.getConfiguration().getRootLogger());
    log.start();
    log.others.forEach(appender -> log.root.removeAppender(appender.getName()));
    log.root.addAppender(log, Level.TRACE, null);
    log.root.setLevel(Level.TRACE);
    context.updateLoggers();
    return log;
  }

  @Override
  public void append(LogEvent event) {
    events.incrementAndGet();
    String text = event.getLoggerName() + " " + event.getThreadName() + " " + text(event);
    canaries.in(text).forEach(name -> hits.add(name + " in " + event.getLoggerName()));
  }

  private static String text(LogEvent event) {
    StringWriter text = new StringWriter();
    text.append(event.getMessage().getFormattedMessage());
    if (event.getThrown() != null) {
      event.getThrown().printStackTrace(new PrintWriter(text));
    }
    return text.toString();
  }

  /** What was told, and by whom. */
  List<String> hits() {
    return hits;
  }

  /** How many events there were. */
  long events() {
    return events.get();
  }

  @Override
  public void close() {
    root.setLevel(level);
    root.removeAppender(getName());
    others.forEach(appender -> root.addAppender(appender, null, null));
    ((LoggerContext) LogManager.getContext(false)).updateLoggers();
    stop();
  }
}
