package io.datamirror.publish;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.topic.TopicIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The newest marks of all topics. */
final class Marks {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Marks() {}

  /**
   * Reads them up to {@code end}, whether or not a transaction is still open there: a mark that was
   * overlooked would be a change that is published twice. It may take as long as there is something
   * to read.
   *
   * @throws TimeoutException if a transaction stays open
   */
  static Map<String, Mark> read(Consumer<byte[], byte[]> consumer, String controlTopic, long end) {
    return read(consumer, controlTopic, end, PATIENCE);
  }

  /**
   * @param patience how long the reading may come no further
   */
  static Map<String, Mark> read(
      Consumer<byte[], byte[]> consumer, String controlTopic, long end, Duration patience) {
    TopicPartition partition = new TopicPartition(controlTopic, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    Map<String, Mark> marks = new HashMap<>();
    long sinceNanos = System.nanoTime();
    long position = consumer.position(partition);
    while (position < end) {
      if (System.nanoTime() - sinceNanos > patience.toNanos()) {
        throw new TimeoutException("a transaction stays open");
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
        add(record, marks);
      }
      long reached = consumer.position(partition);
      sinceNanos = reached > position ? System.nanoTime() : sinceNanos;
      position = reached;
    }
    return marks;
  }

  /**
   * The marks that are of the topics that there are now. Where ids do not tell, an empty one holds
   * nothing, whatever a mark says, and begins anew.
   *
   * @param ids of the topics that there are, by name
   * @param written how many records were ever written to a topic
   */
  static Map<String, Mark> standing(
      Map<String, Mark> marks, Map<String, String> ids, ToLongFunction<String> written) {
    Map<String, Mark> standing = new HashMap<>();
    ids.forEach(
        (topic, id) -> {
          Mark mark = marks.get(topic);
          if (mark != null && (is(mark, id) || mayBe(mark, id, topic, written))) {
            standing.put(topic, mark.withTopic(id));
          }
        });
    return standing;
  }

  private static boolean is(Mark mark, String id) {
    return TopicIds.known(id) && mark.topicId().equals(id);
  }

  private static boolean mayBe(Mark mark, String id, String topic, ToLongFunction<String> written) {
    return TopicIds.sameTopic(mark.topicId(), id) && written.applyAsLong(topic) > 0;
  }

  private static void add(ConsumerRecord<byte[], byte[]> record, Map<String, Mark> marks) {
    if (record.key() == null) {
      return;
    }
    String topic = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      marks.remove(topic);
      return;
    }
    try {
      marks.put(topic, Mark.fromBytes(record.value()));
    } catch (IOException e) {
      throw new MirrorException(
          ErrorCode.TOPIC_NOT_OURS,
          record.topic(),
          "the record " + record.offset() + " does not say what was published",
          "Find out who wrote it; name another topic-prefix to publish everything anew.");
    }
  }
}
