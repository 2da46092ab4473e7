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
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class MarksTest {

  private static final String CONTROL = "control";
  private static final Duration PATIENCE = Duration.ofMillis(400);
  private static final long STEP_MILLIS = 100;
  private static final int MARKS = 8;

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
