package io.datamirror.topic;

import java.util.function.Supplier;

/** Kafka finds its classes by the loader of the thread, which may be Flink's own. */
public final class KafkaClasses {

  private KafkaClasses() {}

  /** Makes a client of Kafka where it finds its classes. */
  public static <T> T loaded(Supplier<T> creation) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(KafkaClasses.class.getClassLoader());
    try {
      return creation.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
