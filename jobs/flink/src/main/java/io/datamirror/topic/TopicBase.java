package io.datamirror.topic;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.RecordSnapshot;
import io.datamirror.feed.RecordTable;
import io.datamirror.feed.Resume;
import io.datamirror.spec.Lateness;
import io.datamirror.spec.RecordSpec;
import io.datamirror.spec.SnapshotSource;
import io.datamirror.spec.TableSpec;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The base table of a table whose changes are in topics.
 *
 * @param overlap how far back topics are read from when it is read: as it may be behind them
 */
record TopicBase(RecordSnapshot snapshot, Lateness overlap) implements Serializable {

  /** The offset of every row: below that of every record. */
  static final long OFFSET = -1;

  /**
   * The base table of a spec.
   *
   * @param records empty when something is wrong with them: then there is no base table either, and
   *     all that is wrong with it besides is thrown
   */
  static Optional<TopicBase> resolve(
      TopicClient client, SnapshotSource source, TableSpec spec, Optional<RecordTable> records)
      throws SQLException {
    Connection database = client.database().get();
    if (records.isEmpty()) {
      RecordSnapshot.check(database, spec);
      return Optional.empty();
    }
    Map<String, Long> places = new HashMap<>();
    places.put(RecordSpec.OFFSET, OFFSET);
    places.put(RecordSpec.RECORD_TIME, null);
    RecordSnapshot snapshot = RecordSnapshot.resolve(database, spec, records.get(), places);
    return Optional.of(new TopicBase(snapshot, source.overlap()));
  }

  /**
   * Where the topics are read from if the table is read from now on.
   *
   * @param head the ends of the topics
   * @param nowMillis when these were asked for
   */
  TopicPosition start(TopicClient client, TopicPosition head, long nowMillis) throws SQLException {
    Set<TopicPartition> partitions = head.offsets().keySet();
    Optional<Duration> limit = overlap.limit();
    Map<TopicPartition, Long> found =
        limit.isEmpty()
            ? client.starts(partitions)
            : client.since(partitions, nowMillis - limit.get().toMillis());
    return start(head, found);
  }

  /**
   * The offsets that were found, and the ends where there are none or later ones: what came since
   * these were asked for is read in any case.
   */
  static TopicPosition start(TopicPosition head, Map<TopicPartition, Long> found) {
    return head.moved(
        (partition, end) -> {
          long at = found.getOrDefault(partition, end);
          return at < 0 ? end : Math.min(at, end);
        });
  }

  TopicBase withoutStoring(Set<String> columns) {
    return new TopicBase(snapshot.withoutStoring(columns), overlap);
  }

  /** Makes sure that it may be read. */
  void probe(TopicClient client, String table) throws SQLException {
    snapshot.probe(client.database().get(), table);
  }

  /** Whoever plans asks once, and keeps no connection for it. */
  List<Chunk> chunks(TopicClient client, long rows) throws SQLException {
    try {
      return snapshot.chunks(client.database().get(), rows);
    } finally {
      client.database().drop();
    }
  }

  ChunkReader open(TopicClient client, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    return snapshot.open(client.database().get(), chunk, resume, fetchSize);
  }

  List<String> statements(String topic) {
    List<String> statements = new ArrayList<>();
    statements.add(
        "LIST OFFSETS OF "
            + topic
            + (overlap.limit().isEmpty() ? " of the oldest records" : " of " + overlap + " ago"));
    statements.addAll(snapshot.statements());
    return statements;
  }
}
