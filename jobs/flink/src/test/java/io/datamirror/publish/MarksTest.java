package io.datamirror.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class MarksTest {

  private static final String CONTROL = "control";
  private static final Duration PATIENCE = Duration.ofMillis(400);
  private static final long STEP_MILLIS = 100;
  private static final int MARKS = 8;
  private static final String NO_ID = Uuid.ZERO_UUID.toString();

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

  @Test
  void as_long_as_there_are_marks_to_read_they_are_read() {
    beginAtZero();
    for (int offset = 0; offset < MARKS; offset++) {
      arriveLate(offset);
    }
    assertThat(Marks.read(consumer, CONTROL, MARKS, PATIENCE).get("topic").snapshot())
        .isEqualTo(MARKS - 1);
  }

  @Test
  void reading_that_comes_no_further_ends() {
    beginAtZero();
    arriveLate(0);
    assertThatThrownBy(() -> Marks.read(consumer, CONTROL, 2, PATIENCE))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("a transaction stays open");
  }

  @Test
  void a_mark_is_of_the_topic_that_has_its_id() {
    assertThat(standing("first", "first", 0)).isEqualTo(mark("first"));
    assertThat(standing("first", "second", 1)).isNull();
    assertThat(Marks.standing(Map.of("topic", mark("first")), Map.of(), topic -> 1)).isEmpty();
    assertThat(Marks.standing(Map.of(), Map.of("topic", "first"), topic -> 1)).isEmpty();
  }

  @Test
  void a_topic_that_is_given_an_id_keeps_its_mark_and_has_it_from_then_on() {
    assertThat(standing(NO_ID, "first", 1)).isEqualTo(mark("first"));
    assertThat(standing("first", NO_ID, 1)).isEqualTo(mark("first"));
    assertThat(standing(NO_ID, NO_ID, 1)).isEqualTo(mark(NO_ID));
  }

  @Test
  void an_empty_topic_that_may_be_another_one_begins_anew() {
    assertThat(standing(NO_ID, "first", 0)).isNull();
    assertThat(standing("first", NO_ID, 0)).isNull();
    assertThat(standing(NO_ID, NO_ID, 0)).isNull();
  }

  private static Mark standing(String marked, String now, long written) {
    return Marks.standing(Map.of("topic", mark(marked)), Map.of("topic", now), topic -> written)
        .get("topic");
  }

  private static Mark mark(String topicId) {
    return new Mark(topicId, "table", 7, 1, null, 1, 3);
  }

  private void beginAtZero() {
    consumer.updateBeginningOffsets(Map.of(new TopicPartition(CONTROL, 0), 0L));
  }

  /** At the next poll, which takes a while. */
  private void arriveLate(long offset) {
    Mark mark = new Mark("id", "table", offset, 1, null, 1, 0);
    consumer.schedulePollTask(
        () -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS));
          consumer.addRecord(
              new ConsumerRecord<>(CONTROL, 0, offset, "topic".getBytes(UTF_8), mark.toBytes()));
        });
  }
}
