package io.datamirror.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.feed.Position;
import io.datamirror.feed.RecordTable;
import io.datamirror.spec.RecordFormat;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** How far topics are, as brokers tell it that know more and less of them. */
class TopicFeedTest {

  private static final String NO_ID = Uuid.ZERO_UUID.toString();
  private static final Belief PATIENT = new Belief(Duration.ofMinutes(5), Duration.ZERO);
  private static final Belief BRIEF = new Belief(Duration.ofMillis(20), Duration.ofMillis(1));

  private static final TableSpec ITEMS =
      SpecReader.read(
              """
              mirror: mirror
              source: { type: kafka, bootstrap-servers: "kafka:9092" }
              lake: { catalog: { type: jdbc, uri: "jdbc:sqlite:c.db", warehouse: w }, namespace: n }
              tables:
                - name: items
                  feed: records
                  format: json
                  source: items
                  primary-key: [id]
                  version: [changed]
                  schema: { id: long, changed: long }
              """)
          .tables()
          .get(0);

  private final TopicFeed feed =
      new TopicFeed(
          "items", RecordTable.resolve(ITEMS, TopicFeed.PLACES), RecordFormat.JSON, false, null);

  private final Broker broker = new Broker();

  /**
   * A topic of one partition and ten records, or none: the last answer is given again and again.
   */
  private static final class Broker implements TopicOffsets {

    private final Deque<Map<String, Described>> answers = new ArrayDeque<>();
    private int asked;

    Broker has(String id) {
      answers.add(Map.of("items", new Described(id, List.of(0))));
      return this;
    }

    Broker hasNone() {
      answers.add(Map.of());
      return this;
    }

    @Override
    public Map<String, Described> topics(Pattern pattern) {
      asked++;
      return answers.size() > 1 ? answers.remove() : answers.element();
    }

    @Override
    public Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) {
      return all(partitions, 0);
    }

    @Override
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
      return all(partitions, 10);
    }

    private static Map<TopicPartition, Long> all(Collection<TopicPartition> partitions, long at) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      partitions.forEach(partition -> offsets.put(partition, at));
      return offsets;
    }
  }

  private static Position at(String id) {
    return new Position("items@" + id + ":0=7");
  }

  private String head(Position last, Belief belief) throws Exception {
    return feed.head(broker, last, belief).text();
  }

  @Test
  void a_topic_that_is_given_an_id_is_the_same_and_has_it_from_then_on() throws Exception {
    broker.has("first");

    assertThat(head(at(NO_ID), PATIENT)).isEqualTo("items@first:0=10");
  }

  @Test
  void a_topic_whose_id_is_not_told_keeps_the_one_that_it_had() throws Exception {
    broker.has(NO_ID);

    assertThat(head(at("first"), PATIENT)).isEqualTo("items@first:0=10");
    assertThat(head(at(NO_ID), PATIENT)).isEqualTo("items@" + NO_ID + ":0=10");
  }

  @Test
  void a_topic_of_another_id_was_created_again() {
    broker.has("second");

    assertThatThrownBy(() -> head(at("first"), PATIENT))
        .hasMessageStartingWith(
            "MIRROR-2009 items: the topic items was deleted and created again:");
  }

  @Test
  void a_topic_that_a_broker_does_not_know_yet_is_asked_for_again() throws Exception {
    broker.hasNone().hasNone().has("first");

    assertThat(head(at("first"), PATIENT)).isEqualTo("items@first:0=10");
    assertThat(broker.asked).isEqualTo(3);
  }

  @Test
  void a_topic_that_stays_away_is_no_longer_there() {
    broker.hasNone();

    assertThatThrownBy(() -> head(at("first"), BRIEF))
        .hasMessageStartingWith("MIRROR-2009 items: the topic items is no longer there:");
    assertThat(broker.asked).isGreaterThan(1);
  }

  @Test
  void where_nothing_was_read_no_topic_is_waited_for() throws Exception {
    broker.hasNone();

    assertThat(head(Position.BEGINNING, PATIENT)).isEmpty();
    assertThat(broker.asked).isEqualTo(1);
  }
}
