package io.datamirror.topic;

import io.datamirror.avro.AvroSchemas;
import io.datamirror.avro.SchemaRegistry;
import io.datamirror.connect.HeldConnection;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.ClientConnection;
import io.datamirror.feed.Connections;
import io.datamirror.feed.CredentialMemory;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of Kafka: topics and offsets through its admin client, records through a consumer,
 * and base tables through their database. Each is opened when it is needed first. It belongs to no
 * consumer group and commits no offset: a mirror's positions are in its checkpoints and in the
 * lake.
 */
final class TopicClient implements ClientConnection.Client, TopicOffsets {

  private static final Logger LOG = LoggerFactory.getLogger(TopicClient.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final SourceSpec source;
  private final SecretSource secrets;
  private final String servers;
  private final SchemaRegistry registry;
  private final AvroSchemas schemas;
  private final HeldConnection database;
  private final CredentialMemory memory;
  private Admin admin;
  private KafkaConsumer<byte[], byte[]> consumer;

  private TopicClient(SourceSpec source, SecretSource secrets, CredentialMemory memory) {
    this.source = source;
    this.secrets = secrets;
    this.servers = source.url().toString();
    this.registry =
        source.registry() == null ? null : SchemaRegistry.of(source.registry(), secrets);
    this.schemas = new AvroSchemas(registry);
    this.database = new HeldConnection(() -> openDatabase(source, secrets));
    this.memory = memory;
  }

  /**
   * A connection to the Kafka of a spec; nothing is asked yet.
   *
   * @param memory shared with the connections before it
   */
  static Connection connect(SourceSpec source, SecretSource secrets, CredentialMemory memory) {
    TopicClient client = new TopicClient(source, secrets, memory);
    client.requireSecrets();
    return ClientConnection.around(client);
  }

  /** A secret that is missing is told before anything is asked. */
  private void requireSecrets() {
    try {
      properties();
    } catch (MirrorException e) {
      throw (MirrorException) KafkaErrors.explained(e, servers, memory);
    }
  }

  /** For a client that is made now: a connection may be old, and its secrets replaced. */
  private Properties properties() {
    Properties properties = new Properties();
    source.properties().forEach((key, value) -> properties.put(key, value.resolve(secrets)));
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, source.url().resolve(secrets));
    KafkaTimeouts.complete(properties);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, source.fetchSize());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return properties;
  }

  private static Connection openDatabase(SourceSpec source, SecretSource secrets) {
    SourceSpec database = source.snapshot().database();
    return Connections.to("source.snapshot", database, secrets, LOG::warn).open();
  }

  static TopicClient of(Connection connection) throws SQLException {
    return connection.unwrap(TopicClient.class);
  }

  @Override
  public Map<String, Described> topics(Pattern pattern) throws SQLException {
    return asked(
        () -> {
          Map<String, Described> described = new TreeMap<>();
          descriptions(pattern, new DescribeTopicsOptions())
              .forEach((name, topic) -> described.put(name, described(topic)));
          return described;
        });
  }

  /**
   * Those of the topics that Kafka says this user may not read; none where it does not say, as
   * brokers do not that allow everybody everything.
   */
  List<String> forbidden(Pattern pattern) throws SQLException {
    DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    return asked(
        () -> {
          try {
            return descriptions(pattern, options).values().stream()
                .filter(TopicClient::forbidden)
                .map(TopicDescription::name)
                .toList();
          } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) {
              return List.of();
            }
            throw e;
          }
        });
  }

  private static boolean forbidden(TopicDescription topic) {
    Set<AclOperation> allowed = topic.authorizedOperations();
    return allowed != null && !allowed.isEmpty() && !allowed.contains(AclOperation.READ);
  }

  private Map<String, TopicDescription> descriptions(Pattern pattern, DescribeTopicsOptions options)
      throws ExecutionException, InterruptedException {
    Set<String> names = admin().listTopics().names().get();
    List<String> wanted = names.stream().filter(name -> pattern.matcher(name).matches()).toList();
    return new TreeMap<>(admin().describeTopics(wanted, options).allTopicNames().get());
  }

  private static Described described(TopicDescription topic) {
    return new Described(
        topic.topicId().toString(),
        topic.partitions().stream().map(TopicPartitionInfo::partition).toList());
  }

  @Override
  public Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions)
      throws SQLException {
    return offsets(partitions, OffsetSpec.earliest());
  }

  @Override
  public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws SQLException {
    return offsets(partitions, OffsetSpec.latest());
  }

  /**
   * The offsets of the first records that are not older than a time, by partition; -1 where there
   * is none.
   */
  Map<TopicPartition, Long> since(Collection<TopicPartition> partitions, long millis)
      throws SQLException {
    return offsets(partitions, OffsetSpec.forTimestamp(millis));
  }

  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which)
      throws SQLException {
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    partitions.forEach(partition -> question.put(partition, which));
    ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    return asked(
        () -> {
          Map<TopicPartition, Long> offsets = new HashMap<>();
          for (var found : admin().listOffsets(question, options).all().get().entrySet()) {
            offsets.put(found.getKey(), found.getValue().offset());
          }
          return offsets;
        });
  }

  @FunctionalInterface
  private interface Asking<T> {
    T ask() throws Exception;
  }

  private <T> T asked(Asking<T> asking) throws SQLException {
    try {
      T answer = asking.ask();
      answered();
      return answer;
    } catch (Exception e) {
      throw thrown(e, servers);
    }
  }

  /** Kafka gave an answer. */
  void answered() {
    memory.answered();
  }

  /** The failure as what a feed may throw; what is no SQL exception is thrown here. */
  SQLException thrown(Exception failure, String object) {
    Exception explained = KafkaErrors.explained(failure, object, memory);
    if (explained instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    return (SQLException) explained;
  }

  private synchronized Admin admin() {
    if (admin == null) {
      Properties properties = properties();
      admin = KafkaClasses.loaded(() -> Admin.create(properties));
    }
    return admin;
  }

  /** The consumer; it is used by the thread that reads and by no other. */
  synchronized KafkaConsumer<byte[], byte[]> consumer() throws SQLException {
    if (consumer == null) {
      consumer = made();
    }
    return consumer;
  }

  private KafkaConsumer<byte[], byte[]> made() throws SQLException {
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try {
      Properties properties = properties();
      return KafkaClasses.loaded(() -> new KafkaConsumer<>(properties, bytes, bytes));
    } catch (RuntimeException e) {
      throw thrown(e, servers);
    }
  }

  /** The registry of the records' schemas, which the spec has if a format needs it. */
  SchemaRegistry registry() {
    return registry;
  }

  /** What was asked of the registry, kept for as long as the client is. */
  AvroSchemas schemas() {
    return schemas;
  }

  /** The connection to the database of the base tables. */
  HeldConnection database() {
    return database;
  }

  /** Its clients connect again by themselves, and the database is looked at when it is used. */
  @Override
  public boolean valid() {
    return true;
  }

  @Override
  public void abort() {
    List<Runnable> ends = new ArrayList<>();
    synchronized (this) {
      if (consumer != null) {
        ends.add(consumer::wakeup);
      }
      if (admin != null) {
        ends.add(() -> admin.close(Duration.ZERO));
      }
    }
    ends.forEach(Runnable::run);
    database.abort();
  }

  @Override
  public synchronized void close() {
    quietly(consumer == null ? () -> {} : () -> consumer.close(CLOSE_TIMEOUT));
    quietly(admin == null ? () -> {} : () -> admin.close(CLOSE_TIMEOUT));
    consumer = null;
    admin = null;
    database.close();
  }

  private static void quietly(Runnable closing) {
    try {
      closing.run();
    } catch (RuntimeException e) {
      LOG.debug("A client of Kafka did not close: {}", e.getClass().getSimpleName());
    }
  }
}
