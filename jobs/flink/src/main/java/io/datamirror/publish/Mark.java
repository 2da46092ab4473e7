package io.datamirror.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datamirror.topic.TopicIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Up to where a table was published to its topic. It is written in the transaction of the changes
 * themselves, so that it is there exactly if they are.
 *
 * @param topicId which topic of its name was written to
 * @param tableId which table of its name was published
 * @param snapshot the newest snapshot of the lake that the topic holds; {@link #NOTHING} for none
 * @param epoch the newest epoch that the table holds there; 0 for none
 * @param position the position that the snapshot carries; null if it carries none
 * @param generation the start of the mirror that published it
 * @param records how many records were published with it
 */
record Mark(
    String topicId,
    String tableId,
    long snapshot,
    long epoch,
    String position,
    long generation,
    long records) {

  static final long NOTHING = -1;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A topic that is the mirror's, and that nothing was published to. */
  static Mark claimed(String topicId, String tableId, long generation) {
    return new Mark(topicId, tableId, NOTHING, 0, null, generation, 0);
  }

  /** The same topic with what the lake held at {@code snapshot}; with nothing, if that is null. */
  Mark at(Table table, Snapshot snapshot, long startGeneration, long published) {
    if (snapshot == null) {
      return new Mark(topicId, tableId, NOTHING, 0, null, startGeneration, published);
    }
    return new Mark(
        topicId,
        tableId,
        snapshot.snapshotId(),
        CommitFacts.epochAt(table, snapshot),
        CommitFacts.position(snapshot),
        startGeneration,
        published);
  }

  /** The same mark with the id that its topic has now, if that is known. */
  Mark withTopic(String nowId) {
    String latest = TopicIds.latest(nowId, topicId);
    return new Mark(latest, tableId, snapshot, epoch, position, generation, records);
  }

  byte[] toBytes() {
    ObjectNode json = JSON.createObjectNode();
    json.put("topic_id", topicId);
    json.put("table_id", tableId);
    json.put("snapshot", snapshot);
    json.put("epoch", epoch);
    json.put("position", position);
    json.put("generation", generation);
    json.put("records", records);
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }

  /**
   * @throws IOException if it is not one
   */
  static Mark fromBytes(byte[] bytes) throws IOException {
    JsonNode json = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
    if (json == null || !json.path("snapshot").isIntegralNumber()) {
      throw new IOException("a record of what was published cannot be read");
    }
    return new Mark(
        json.path("topic_id").asText(),
        json.path("table_id").asText(),
        json.path("snapshot").asLong(),
        json.path("epoch").asLong(),
        json.path("position").isTextual() ? json.path("position").asText() : null,
        json.path("generation").asLong(),
        json.path("records").asLong());
  }
}
