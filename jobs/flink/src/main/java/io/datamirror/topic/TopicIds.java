package io.datamirror.topic;

import org.apache.kafka.common.Uuid;

/**
 * The ids that tell a topic from another one of its name. Brokers have them since a version of
 * Kafka: one that is upgraded gives ids to topics that had none, and while brokers of two versions
 * answer, a topic may have one now and none then.
 */
public final class TopicIds {

  /** What is told of a topic by brokers without ids. */
  private static final String UNKNOWN = Uuid.ZERO_UUID.toString();

  private TopicIds() {}

  /** Whether two ids may be of the same topic: one that is not known may be any. */
  public static boolean sameTopic(String left, String right) {
    return left.equals(right) || !known(left) || !known(right);
  }

  /** Whether a topic is told from its namesakes by this id. */
  public static boolean known(String id) {
    return !id.equals(UNKNOWN);
  }

  /** The id of a topic that is told as {@code now}, and was told as {@code before}. */
  public static String latest(String now, String before) {
    return known(now) ? now : before;
  }
}
