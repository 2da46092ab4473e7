package io.datamirror.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.feed.Position;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPositionTest {

  private static TopicPosition position(String text) {
    return TopicPosition.of(new Position(text), "t");
  }

  @Test
  void its_text_says_all_of_it() {
    String text = "a.b-c_d@x-Y_0:0=7,10=0;z@id:1=9223372036854775807";

    assertThat(position(text).position().text()).isEqualTo(text);
    assertThat(position(text).topics().get("z").offsets()).isEqualTo(Map.of(1, Long.MAX_VALUE));
    assertThat(position(text).offset(new TopicPartition("a.b-c_d", 10))).isZero();
    assertThat(position(text).offset(new TopicPartition("a.b-c_d", 2))).isEqualTo(-1);
  }

  @Test
  void it_is_later_when_some_partition_is_further_and_none_is_behind() {
    assertThat(position("a@i:0=2,1=5").compareTo(position("a@i:0=1,1=5"))).isPositive();
    assertThat(position("a@i:0=1,1=5").compareTo(position("a@i:0=1,1=5"))).isZero();
    assertThat(position("a@i:0=1,1=5").compareTo(position("a@i:0=2,1=5"))).isNegative();
    assertThat(position("a@i:0=2,1=5").compareTo(position("a@i:0=1,1=6"))).isNegative();
  }

  @Test
  void a_partition_that_is_new_makes_it_later_also_when_it_is_empty() {
    assertThat(position("a@i:0=1,1=0").compareTo(position("a@i:0=1"))).isPositive();
    assertThat(position("a@i:0=1;b@j:0=0").compareTo(position("a@i:0=1"))).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "a", "a@i", "a@i:", "a@i:0", "a@i:0=x", "2026-01-02T03:04:05Z"})
  void what_is_none_is_named(String text) {
    assertThatThrownBy(() -> position(text))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith(
            "MIRROR-2010 t: the stored position " + text + " is none of a topic.");
  }
}
