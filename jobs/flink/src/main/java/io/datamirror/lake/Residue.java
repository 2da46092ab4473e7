package io.datamirror.lake;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ReflectionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the classes of a job leave behind in a process that outlives it: threads that wait for work,
 * shutdown hooks, and entries in the caches of Hadoop. Each of them keeps the class loader of the
 * job, and a session cluster would run out of metaspace after a dozen jobs.
 *
 * <p>Others that use the same classes miss nothing when it is cleared: threads start again when
 * there is work, caches fill again, and the hooks only wait for threads that end with the process.
 */
final class Residue {

  private static final Logger LOG = LoggerFactory.getLogger(Residue.class);
  private static final ClassLoader OURS = Residue.class.getClassLoader();
  private static final long IDLE_SECONDS = 1;

  private Residue() {}

  /** Clears it, unless these classes live as long as the process anyway. */
  static void clear() {
    if (OURS == ClassLoader.getSystemClassLoader()) {
      return;
    }
    attempt("the thread pools", Residue::releasePools);
    forgetClasses();
  }

  private static void forgetClasses() {
    attempt("Hadoop's statistics", () -> forget(FileSystem.class, "statisticsTable"));
    attempt("Hadoop's constructors", () -> forget(ReflectionUtils.class, "CONSTRUCTOR_CACHE"));
  }

  private interface Step {
    void run() throws ReflectiveOperationException;
  }

  /** Fields of others are looked into: in another release they may not be there. */
  private static void attempt(String what, Step step) {
    try {
      step.run();
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn("The classes of this job stay in memory, since {} cannot be cleared", what, e);
    }
  }

  /**
   * The pools of Iceberg never let go of a thread, and a hook of each of them waits for the end of
   * the process. The hooks are where the pools are known.
   */
  private static void releasePools() throws ReflectiveOperationException {
    for (Thread hook : shutdownHooks()) {
      Object task = task(hook);
      if (!ours(task)) {
        continue;
      }
      for (Field field : task.getClass().getDeclaredFields()) {
        field.setAccessible(true);
        if (field.get(task) instanceof ThreadPoolExecutor pool) {
          letIdleThreadsEnd(pool);
        }
      }
      remove(hook);
    }
  }

  private static List<Thread> shutdownHooks() throws ReflectiveOperationException {
    Class<?> holder = Class.forName("java.lang.ApplicationShutdownHooks");
    List<Thread> hooks = new ArrayList<>();
    synchronized (holder) {
      // Null when the process is ending.
      if (value(holder, "hooks", null) instanceof Map<?, ?> all) {
        all.keySet().forEach(hook -> hooks.add((Thread) hook));
      }
    }
    return hooks;
  }

  private static void letIdleThreadsEnd(ThreadPoolExecutor pool) {
    ThreadFactory threads = pool.getThreadFactory();
    // Its work may go on when everybody else has closed what they had.
    pool.setThreadFactory(
        work ->
            threads.newThread(
                () -> {
                  work.run();
                  forgetClasses();
                }));
    pool.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    pool.allowCoreThreadTimeOut(true);
  }

  /** What a thread runs; the thread itself, if nobody has told it. */
  private static Object task(Thread thread) throws ReflectiveOperationException {
    Object task;
    if (Runtime.version().feature() < 19) {
      task = value(Thread.class, "target", thread);
    } else {
      Object holder = value(Thread.class, "holder", thread);
      task = value(holder.getClass(), "task", holder);
    }
    return task == null ? thread : task;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The process is ending: its hooks are at work", e);
    }
  }

  private static boolean ours(Object object) {
    Class<?> type = object instanceof Class<?> itself ? itself : object.getClass();
    return type.getClassLoader() == OURS;
  }

  /** Removes the classes of this job from a map by class. */
  private static void forget(Class<?> holder, String map) throws ReflectiveOperationException {
    if (value(holder, map, null) instanceof Map<?, ?> entries) {
      // The holder is what its own methods lock.
      synchronized (holder) {
        entries.keySet().removeIf(Residue::ours);
      }
    }
  }

  private static Object value(Class<?> holder, String name, Object object)
      throws ReflectiveOperationException {
    Field field = holder.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(object);
  }
}
