package io.datamirror.topic;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Chunk.Part;

/**
 * Some records of one partition.
 *
 * @param from the first offset
 * @param to the offset after the last one
 */
record TopicRange(String topic, int partition, long from, long to) {

  /** The range as the feed hands it out; the marks stand in no topic's name. */
  Chunk chunk() {
    return new Chunk(Part.CHANGES, topic + "/" + partition + "/" + from, Long.toString(to));
  }

  static TopicRange of(Chunk chunk) {
    String[] parts = chunk.from().split("/");
    return new TopicRange(
        parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), Long.parseLong(chunk.to()));
  }

  String place(long offset) {
    return topic + "-" + partition + "@" + offset;
  }
}
