package io.datamirror.publish;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.OwnTable;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.PublishSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a topic stands that a table is published to. Looked at without writing.
 *
 * @param table the table in the lake
 * @param epoch the newest epoch of the table that the topic holds; 0 for none
 * @param stage how far it is
 * @param problem what speaks against publishing to it; null for nothing
 */
public record TopicState(String table, String topic, long epoch, Stage stage, Problem problem) {

  /** How far publishing to a topic is. */
  public enum Stage {
    /** There is no topic of the name. */
    MISSING,
    /** Nothing is published to it yet. */
    WAITING,
    /** It holds what the table held at some time. */
    PUBLISHED
  }

  private static final Logger LOG = LoggerFactory.getLogger(TopicState.class);

  /**
   * Asks Kafka for all topics of a mirror, and finds nothing if it publishes nothing. A lake that
   * cannot be looked at is no problem of its topics: whoever works with it says so.
   *
   * @throws MirrorException if Kafka does not answer, or would lose what the mirror has to remember
   */
  public static List<TopicState> all(MirrorSpec mirror, SecretSource secrets) {
    if (mirror.publishing().isEmpty()) {
      return List.of();
    }
    PublishSpec publish = mirror.publish();
    Map<String, String> wanted = topics(mirror, publish);
    Optional<Map<String, String>> tableIds = tableIds(mirror, secrets, wanted.keySet());
    try {
      return all(publish, wanted, tableIds, new PublishClients(publish, secrets));
    } catch (RuntimeException e) {
      String object = "publish " + publish.servers();
      throw PublishErrors.hopeless(e, object).orElseGet(() -> PublishErrors.silent(e, object));
    }
  }

  /** The topics by the tables that are published there. */
  public static Map<String, String> topics(MirrorSpec mirror, PublishSpec publish) {
    Map<String, String> topics = new LinkedHashMap<>();
    for (TableSpec table : mirror.tables()) {
      topics.put(table.name(), publish.topic(table.name()));
    }
    publish.ledger().ifPresent(topic -> topics.put(OwnTable.LEDGER.tableName(), topic));
    return topics;
  }

  /** The ids of the tables that are in the lake; empty if it cannot be looked at. */
  private static Optional<Map<String, String>> tableIds(
      MirrorSpec mirror, SecretSource secrets, Set<String> tables) {
    Map<String, String> ids = new HashMap<>();
    try {
      Optional<LakeCatalog> existing =
          LakeCatalog.existing(LakeCatalog.absolute(mirror.lake()), secrets);
      if (existing.isPresent()) {
        try (LakeCatalog catalog = existing.get()) {
          for (String table : tables) {
            catalog.find(table).ifPresent(found -> ids.put(table, found.uuid().toString()));
          }
        }
      }
    } catch (MirrorException e) {
      LOG.debug("The lake cannot be looked at: {}", e.code());
      return Optional.empty();
    }
    return Optional.of(ids);
  }

  private static List<TopicState> all(
      PublishSpec publish,
      Map<String, String> wanted,
      Optional<Map<String, String>> tableIds,
      PublishClients clients) {
    String control = publish.controlTopic();
    try (Admin admin = clients.admin()) {
      PublishTopics topics = new PublishTopics(admin);
      Map<String, Mark> marks = Map.of();
      if (!topics.ids(List.of(control)).isEmpty()) {
        topics.checkControl(control);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
          // A job may be writing: what is decided is enough here.
          marks = Marks.read(consumer, control, topics.decided(control));
        }
      }
      Map<String, String> ids = topics.ids(wanted.values());
      Map<String, Mark> standing = Marks.standing(marks, ids, topics::written);
      List<TopicState> states = new ArrayList<>();
      for (Map.Entry<String, String> table : wanted.entrySet()) {
        String topic = table.getValue();
        Optional<Mark> mark = Optional.ofNullable(standing.get(topic));
        Problem problem = null;
        if (mark.isPresent()) {
          problem = gone(mark.get(), tableIds, topic, table.getKey());
        } else if (ids.containsKey(topic) && topics.written(topic) > 0) {
          problem = Problem.of(foreignError(topic));
        }
        if (problem == null && mark.isPresent()) {
          states.add(marked(table.getKey(), topic, mark.get()));
        } else {
          Stage stage = ids.containsKey(topic) ? Stage.WAITING : Stage.MISSING;
          states.add(new TopicState(table.getKey(), topic, 0, stage, problem));
        }
      }
      return states;
    }
  }

  /** Up to which epoch, for people; empty where the table holds rows of no known epoch. */
  public String upTo() {
    return epoch == 0 ? "" : " up to epoch " + epoch;
  }

  private static TopicState marked(String table, String topic, Mark mark) {
    // Not the epoch: a table may hold rows, or entries, before its first one.
    Stage stage = mark.snapshot() == Mark.NOTHING ? Stage.WAITING : Stage.PUBLISHED;
    return new TopicState(table, topic, mark.epoch(), stage, null);
  }

  /** A table that is not there, or comes later, is another one in any case. */
  private static Problem gone(
      Mark mark, Optional<Map<String, String>> tableIds, String topic, String table) {
    return tableIds
        .filter(ids -> !mark.tableId().equals(ids.get(table)))
        .map(ids -> Problem.of(goneError(topic, table)))
        .orElse(null);
  }

  /** The error of a topic that an earlier table of the name was published to. */
  static MirrorException goneError(String topic, String table) {
    return new MirrorException(
        ErrorCode.TOPIC_NOT_OURS,
        topic,
        "the topic holds a table " + table + " that is not in the lake any more",
        "Delete the topic, or name another: the table is then published from its beginning.");
  }

  /** The error of a topic that somebody else wrote to. */
  static MirrorException foreignError(String topic) {
    return new MirrorException(
        ErrorCode.TOPIC_NOT_OURS,
        topic,
        "the topic holds records, and nothing says that this mirror wrote them",
        "Name another under publish.topics, or delete it: the mirror creates it again.");
  }
}
