package io.datamirror.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.testkit.EmbeddedKafka;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a plain consumer makes of a topic: the last row of every key. It fails over a change that
 * comes twice: an event that does not fit the row there, or two of one key and snapshot.
 */
public final class FoldedTopic {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, JsonNode> rows = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final Map<Integer, Long> epochs = new TreeMap<>();
  private boolean epochsRise = true;

  private FoldedTopic() {}

  /** Reads all that is committed now. */
  public static FoldedTopic read(EmbeddedKafka kafka, String topic) throws Exception {
    FoldedTopic folded = new FoldedTopic();
    Map<Integer, Long> ends = kafka.ends(topic, IsolationLevel.READ_COMMITTED);
    List<TopicPartition> partitions =
        ends.keySet().stream().map(partition -> new TopicPartition(topic, partition)).toList();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka.servers(), "isolation.level", "read_committed");
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p.partition()))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          folded.add(record);
        }
      }
    }
    return folded;
  }

  private void add(ConsumerRecord<byte[], byte[]> record) throws IOException {
    String key = new String(record.key(), UTF_8);
    long epoch = Long.parseLong(header(record, TopicWriter.EPOCH_HEADER));
    epochsRise &= epochs.merge(record.partition(), epoch, Math::max) == epoch;
    JsonNode value = record.value() == null ? null : JSON.readTree(record.value());
    boolean event = value != null && value.has("op") && value.has("after");
    String snapshot = header(record, TopicWriter.SNAPSHOT_HEADER);
    if (!event || !value.get("op").textValue().equals("r")) {
      assertThat(seen.add(key + (value == null ? " gone at " : " at ") + snapshot))
          .as("%s of snapshot %s comes once", key, snapshot)
          .isTrue();
    }
    if (event) {
      apply(key, value);
    } else if (value == null) {
      rows.remove(key);
      log.add("- " + key);
    } else {
      rows.put(key, value);
      log.add("+ " + key);
    }
  }

  private void apply(String key, JsonNode event) {
    String op = event.get("op").textValue();
    log.add(op + " " + key);
    boolean present = rows.containsKey(key);
    switch (op) {
      case "c" -> assertThat(present).as("%s before it was created", key).isFalse();
      case "u", "d" -> assertThat(present).as("%s before %s", key, op).isTrue();
      case "r" -> {}
      default -> throw new AssertionError("no op is called " + op);
    }
    if (op.equals("d")) {
      assertThat(event.get("after").isNull()).isTrue();
      assertThat(event.get("before")).hasToString(key);
      rows.remove(key);
    } else {
      rows.put(key, event.get("after"));
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /** The rows by their keys as JSON. */
  public Map<String, JsonNode> rows() {
    return rows;
  }

  /**
   * What was done, in the order of reading: {@code c}, {@code u}, {@code d}, {@code r} for events.
   */
  public List<String> log() {
    return log;
  }

  /** Whether no record came after one of a later epoch in its partition. */
  public boolean epochsRise() {
    return epochsRise;
  }
}
