package io.datamirror.topic;

import java.util.Properties;

/** How long Kafka's clients wait for an answer where a spec does not say it. */
public final class KafkaTimeouts {

  private static final String REQUEST = "request.timeout.ms";
  private static final String CALL = "default.api.timeout.ms";
  private static final int MILLIS = 15_000;

  private KafkaTimeouts() {}

  /**
   * Adds what is missing. A client refuses a call that ends before a request of it, so that one of
   * the two that is given moves the other.
   */
  public static void complete(Properties properties) {
    properties.putIfAbsent(REQUEST, Math.min(MILLIS, given(properties, CALL)));
    properties.putIfAbsent(CALL, Math.max(MILLIS, given(properties, REQUEST)));
  }

  // What is no number is the client's to refuse.
  private static int given(Properties properties, String key) {
    try {
      return Integer.parseInt(String.valueOf(properties.getOrDefault(key, MILLIS)).trim());
    } catch (NumberFormatException e) {
      return MILLIS;
    }
  }
}
