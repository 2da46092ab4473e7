package io.datamirror.publish;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics that are published to. */
final class PublishTopics {

  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  /**
   * Every start reads all marks that are there. Kafka never compacts the segment that it writes to,
   * which by itself is a week or a GiB of them.
   */
  private static final Map<String, String> COMPACTED_SOON =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_MS_CONFIG,
          "3600000",
          TopicConfig.SEGMENT_BYTES_CONFIG,
          "52428800",
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
          "0.1");

  private static final Map<String, String> KEPT =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG,
          "-1");

  private final Admin admin;

  PublishTopics(Admin admin) {
    this.admin = admin;
  }

  /** The topics of these names that there are, with their ids. */
  Map<String, String> ids(Collection<String> topics) {
    Set<String> known = of(admin.listTopics().names());
    List<String> existing = topics.stream().filter(known::contains).toList();
    Map<String, String> ids = new TreeMap<>();
    of(admin.describeTopics(existing).allTopicNames())
        .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
    return ids;
  }

  /**
   * The ids of topics that are there.
   *
   * @throws UnknownTopicOrPartitionException if the broker that was asked does not know of one yet
   *     that was just made: without its id, its mark would be of another topic
   */
  Map<String, String> allIds(Collection<String> topics) {
    Map<String, String> ids = ids(topics);
    if (!ids.keySet().containsAll(topics)) {
      throw new UnknownTopicOrPartitionException("a topic is not known yet");
    }
    return ids;
  }

  /** Makes a topic that keeps the newest record of every key, if there is none of the name. */
  void createCompacted(String topic) {
    create(new NewTopic(topic, Optional.empty(), Optional.empty()).configs(COMPACTED));
  }

  /** Makes a topic that keeps everything, if there is none of the name. */
  void createKept(String topic) {
    create(new NewTopic(topic, Optional.empty(), Optional.empty()).configs(KEPT));
  }

  /**
   * Makes the topic of marks, if there is none. It has one partition, so that a mark is never older
   * than one that was read before it.
   *
   * @throws MirrorException if there is one that would lose marks
   */
  void createControl(String topic) {
    NewTopic control = new NewTopic(topic, Optional.of(1), Optional.empty());
    try {
      create(control.configs(COMPACTED_SOON));
    } catch (PolicyViolationException | InvalidConfigurationException e) {
      // Kafka as a service may keep some of it to itself.
      create(control.configs(COMPACTED));
    }
    checkControl(topic);
  }

  /**
   * @throws MirrorException if the topic of marks would lose some
   */
  void checkControl(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config = of(admin.describeConfigs(List.of(resource)).all()).get(resource);
    String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
    TopicDescription described =
        of(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT) || described.partitions().size() != 1) {
      throw new MirrorException(
          ErrorCode.TOPIC_NOT_OURS,
          topic,
          "the topic of what was published has "
              + described.partitions().size()
              + " partitions and the cleanup.policy "
              + policy,
          "It must have one partition and be compacted alone: let the mirror create it.");
    }
  }

  private void create(NewTopic topic) {
    try {
      of(admin.createTopics(List.of(topic)).all());
    } catch (TopicExistsException e) {
      // Somebody made it, as he wants it.
    }
  }

  /** How many records were ever written to a topic, whether they are still there or not. */
  long written(String topic) {
    return ends(topic, IsolationLevel.READ_UNCOMMITTED);
  }

  /** How many records were ever written to a topic before the first transaction that is open. */
  long decided(String topic) {
    return ends(topic, IsolationLevel.READ_COMMITTED);
  }

  private long ends(String topic, IsolationLevel isolation) {
    TopicDescription described =
        of(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    List<TopicPartition> partitions = new ArrayList<>();
    described
        .partitions()
        .forEach(found -> partitions.add(new TopicPartition(topic, found.partition())));
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    partitions.forEach(partition -> question.put(partition, OffsetSpec.latest()));
    return of(admin.listOffsets(question, new ListOffsetsOptions(isolation)).all())
        .values()
        .stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  private static <T> T of(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw new org.apache.kafka.common.errors.InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
