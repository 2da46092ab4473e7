package io.datamirror.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.Position;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TopicBaseTest {

  private static final TopicPosition HEAD =
      TopicPosition.of(new Position("a@id:0=10,1=20;b@id:0=5"), "t");

  private static TopicPartition partition(String topic, int number) {
    return new TopicPartition(topic, number);
  }

  @Test
  void changesAreReadFromTheOverlapOn() {
    Map<TopicPartition, Long> found =
        Map.of(partition("a", 0), 7L, partition("a", 1), 20L, partition("b", 0), 0L);

    assertThat(TopicBase.start(HEAD, found).position().text()).isEqualTo("a@id:0=7,1=20;b@id:0=0");
  }

  @Test
  void aPartitionWithoutRecentRecordsIsReadFromTheEndThatItHad() {
    Map<TopicPartition, Long> found =
        Map.of(partition("a", 0), -1L, partition("a", 1), 25L, partition("b", 0), -1L);

    assertThat(TopicBase.start(HEAD, found).position()).isEqualTo(HEAD.position());
  }
}
