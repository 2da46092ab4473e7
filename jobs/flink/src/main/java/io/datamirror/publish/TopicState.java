package io.datamirror.publish;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.lake.OwnTable;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.PublishSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * How a topic stands that a table is published to. Looked at without writing.
 *
 * @param table the table in the lake
 * @param epoch the newest epoch that the topic holds; 0 for none
 * @param exists whether there is a topic of the name
 * @param problem what speaks against publishing to it; null for nothing
 */
public record TopicState(String table, String topic, long epoch, boolean exists, Problem problem) {

  /**
   * Asks Kafka for all topics of a mirror, and finds nothing if it publishes nothing.
   *
   * @throws MirrorException if Kafka does not answer, or would lose what the mirror has to remember
   */
  public static List<TopicState> all(MirrorSpec mirror, SecretSource secrets) {
    if (mirror.publishing().isEmpty()) {
      return List.of();
    }
    PublishSpec publish = mirror.publish();
    try {
      return all(publish, topics(mirror, publish), new PublishClients(publish, secrets));
    } catch (RuntimeException e) {
      String object = "publish " + publish.servers();
      throw PublishErrors.hopeless(e, object).orElseGet(() -> PublishErrors.silent(e, object));
    }
  }

  /** The topics by the tables that are published there. */
  public static Map<String, String> topics(MirrorSpec mirror, PublishSpec publish) {
    Map<String, String> topics = new LinkedHashMap<>();
    for (TableSpec table : mirror.tables()) {
      topics.put(table.name(), publish.topic(table.name()));
    }
    publish.ledger().ifPresent(topic -> topics.put(OwnTable.LEDGER.tableName(), topic));
    return topics;
  }

  private static List<TopicState> all(
      PublishSpec publish, Map<String, String> wanted, PublishClients clients) {
    String control = publish.controlTopic();
    try (Admin admin = clients.admin()) {
      PublishTopics topics = new PublishTopics(admin);
      Map<String, Mark> marks = Map.of();
      if (!topics.ids(List.of(control)).isEmpty()) {
        topics.checkControl(control);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
          // A job may be writing: what is decided is enough here.
          marks = Marks.read(consumer, control, topics.decided(control));
        }
      }
      Map<String, String> ids = topics.ids(wanted.values());
      List<TopicState> states = new ArrayList<>();
      for (Map.Entry<String, String> table : wanted.entrySet()) {
        String topic = table.getValue();
        Optional<Mark> mark =
            Optional.ofNullable(marks.get(topic))
                .filter(found -> found.topicId().equals(ids.get(topic)));
        boolean foreign = ids.containsKey(topic) && mark.isEmpty() && topics.written(topic) > 0;
        states.add(
            new TopicState(
                table.getKey(),
                topic,
                mark.map(Mark::epoch).orElse(0L),
                ids.containsKey(topic),
                foreign ? Problem.of(foreignError(topic)) : null));
      }
      return states;
    }
  }

  /** The error of a topic that somebody else wrote to. */
  static MirrorException foreignError(String topic) {
    return new MirrorException(
        ErrorCode.TOPIC_NOT_OURS,
        topic,
        "the topic holds records, and nothing says that this mirror wrote them",
        "Name another under publish.topics, or delete it: the mirror creates it again.");
  }
}
