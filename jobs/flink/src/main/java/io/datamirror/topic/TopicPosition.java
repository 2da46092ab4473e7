package io.datamirror.topic;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the reading of topics stands: for each partition the offset of the next record.
 *
 * <p>As text, {@code topic@id:0=17,1=4;other@id:0=2}: no topic's name or id holds any of the marks.
 * The id tells a topic from another one of the same name that was created after it.
 *
 * @param topics by name
 */
record TopicPosition(Map<String, Topic> topics) {

  /** Before every record. */
  static final TopicPosition BEGINNING = new TopicPosition(Map.of());

  private static final long NOT_THERE = -1;

  /**
   * One topic.
   *
   * @param id what Kafka calls this incarnation of it
   * @param offsets the offset of the next record, by partition
   */
  record Topic(String id, Map<Integer, Long> offsets) {}

  TopicPosition {
    topics = new TreeMap<>(topics);
  }

  /** Reads a position that {@link #position} wrote for the table of this name. */
  static TopicPosition of(Position position, String table) {
    if (position.beginning()) {
      return BEGINNING;
    }
    try {
      Map<String, Topic> topics = new TreeMap<>();
      for (String part : position.text().split(";")) {
        int at = part.indexOf('@');
        int colon = part.indexOf(':', at);
        topics.put(
            part.substring(0, at),
            new Topic(part.substring(at + 1, colon), offsets(part.substring(colon + 1))));
      }
      return new TopicPosition(topics);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.BAD_POSITION,
          table,
          "the stored position " + position + " is none of a topic",
          "Was the source of this table changed in the spec? Then mirror it into a new table.");
    }
  }

  private static Map<Integer, Long> offsets(String text) {
    Map<Integer, Long> offsets = new TreeMap<>();
    for (String part : text.split(",")) {
      int equals = part.indexOf('=');
      offsets.put(
          Integer.valueOf(part.substring(0, equals)), Long.valueOf(part.substring(equals + 1)));
    }
    return offsets;
  }

  Position position() {
    List<String> parts = new ArrayList<>();
    topics.forEach(
        (name, topic) ->
            parts.add(
                name
                    + "@"
                    + topic.id()
                    + ":"
                    + new TreeMap<>(topic.offsets())
                        .entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .collect(Collectors.joining(","))));
    return new Position(String.join(";", parts));
  }

  /** The offset of the next record of a partition; -1 if this position does not know it. */
  long offset(TopicPartition partition) {
    Topic known = topics.get(partition.topic());
    return known == null
        ? NOT_THERE
        : known.offsets().getOrDefault(partition.partition(), NOT_THERE);
  }

  /** The offset of the next record of each partition that this position knows, in their order. */
  Map<TopicPartition, Long> offsets() {
    Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
    topics.forEach(
        (name, topic) ->
            topic
                .offsets()
                .forEach(
                    (partition, offset) ->
                        offsets.put(new TopicPartition(name, partition), offset)));
    return offsets;
  }

  /** The same partitions, with what becomes of the offset of each. */
  TopicPosition moved(ToLongBiFunction<TopicPartition, Long> move) {
    Map<String, Topic> moved = new TreeMap<>();
    topics.forEach(
        (name, topic) -> {
          Map<Integer, Long> offsets = new TreeMap<>(topic.offsets());
          offsets.replaceAll(
              (partition, offset) -> move.applyAsLong(new TopicPartition(name, partition), offset));
          moved.put(name, new Topic(topic.id(), offsets));
        });
    return new TopicPosition(moved);
  }

  /**
   * Negative if some partition is further in {@code other}, else positive if one is further here.
   */
  int compareTo(TopicPosition other) {
    if (further(other, this)) {
      return -1;
    }
    return further(this, other) ? 1 : 0;
  }

  private static boolean further(TopicPosition left, TopicPosition right) {
    return left.offsets().entrySet().stream()
        .anyMatch(entry -> entry.getValue() > right.offset(entry.getKey()));
  }
}
