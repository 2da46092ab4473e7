package io.datamirror.topic;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** What Kafka says of topics, without their records. */
interface TopicOffsets {

  /** A topic as Kafka describes it now. */
  record Described(String id, List<Integer> partitions) {}

  static TopicOffsets of(Connection connection) throws SQLException {
    return connection.unwrap(TopicOffsets.class);
  }

  /** The topics whose names match, by name. */
  Map<String, Described> topics(Pattern pattern) throws SQLException;

  /** The offsets of the oldest records there are, by partition. */
  Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) throws SQLException;

  /** The offsets up to which everything is decided: no transaction is open before them. */
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws SQLException;
}
