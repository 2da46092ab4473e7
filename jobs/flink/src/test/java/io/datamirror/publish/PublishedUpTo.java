package io.datamirror.publish;

import io.datamirror.testkit.EmbeddedKafka;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the next start would read of the marks. */
public final class PublishedUpTo {

  private PublishedUpTo() {}

  /** The snapshot of the lake that a topic holds. */
  public static long snapshot(EmbeddedKafka kafka, String controlTopic, String topic)
      throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.servers(),
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            false);
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    long end = kafka.ends(controlTopic, IsolationLevel.READ_COMMITTED).get(0);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      return Marks.read(consumer, controlTopic, end).get(topic).snapshot();
    }
  }
}
