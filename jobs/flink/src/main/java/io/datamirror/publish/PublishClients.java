package io.datamirror.publish;

import io.datamirror.spec.PublishSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.topic.KafkaClasses;
import io.datamirror.topic.KafkaTimeouts;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the clients that publishing needs. Secrets are resolved anew for each and kept by it: who
 * exchanges a file has the new content in the next client.
 */
final class PublishClients {

  private static final int TIMEOUT_MILLIS = 15_000;

  /** The longest that brokers allow when nobody has told them otherwise. */
  private static final int TRANSACTION_MILLIS = 900_000;

  private final PublishSpec spec;
  private final SecretSource secrets;

  PublishClients(PublishSpec spec, SecretSource secrets) {
    this.spec = spec;
    this.secrets = secrets;
  }

  private Properties properties() {
    Properties properties = new Properties();
    spec.properties().forEach((key, value) -> properties.put(key, value.resolve(secrets)));
    properties.put("bootstrap.servers", spec.servers().resolve(secrets));
    return properties;
  }

  /** The client for topics; the caller closes it. */
  Admin admin() {
    Properties properties = properties();
    KafkaTimeouts.complete(properties);
    return KafkaClasses.loaded(() -> Admin.create(properties));
  }

  /**
   * The one producer of a mirror: of two that are made, only the later can write. The caller closes
   * it.
   */
  KafkaProducer<byte[], byte[]> producer() {
    Properties properties = properties();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "data-mirror." + spec.controlTopic());
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 20);
    ByteArraySerializer bytes = new ByteArraySerializer();
    return KafkaClasses.loaded(() -> new KafkaProducer<>(properties, bytes, bytes));
  }

  /** A consumer of what is committed, of no group; the caller closes it. */
  KafkaConsumer<byte[], byte[]> consumer() {
    Properties properties = properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.putIfAbsent("default.api.timeout.ms", TIMEOUT_MILLIS);
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    return KafkaClasses.loaded(() -> new KafkaConsumer<>(properties, bytes, bytes));
  }
}
