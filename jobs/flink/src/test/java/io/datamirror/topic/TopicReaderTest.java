package io.datamirror.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TopicReaderTest {

  @Test
  void a_time_of_a_record_that_no_column_can_hold_is_none() {
    long last = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    assertThat(TopicReader.time(last)).hasToString("9999-12-31T23:59:59.999Z");
    assertThat(TopicReader.time(last + 1)).isNull();
    assertThat(TopicReader.time(Long.MAX_VALUE)).isNull();
    assertThat(TopicReader.time(0)).hasToString("1970-01-01T00:00Z");
    assertThat(TopicReader.time(-1)).isNull();
  }
}
