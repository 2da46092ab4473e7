package io.datamirror.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real broker in a process of its own, which can be killed and started again. It is its own
 * controller, and listens on free ports of the loopback address only.
 */
public final class EmbeddedKafka implements AutoCloseable {

  /** Who may come in by SASL/PLAIN. */
  public static final String USER = "mirror";

  private static final long START_SECONDS = 120;
  private static final long STEP_MILLIS = 100;

  private final Path directory;
  private final Path settings;
  private final String servers;
  private final String guardedServers;
  private final String tlsServers;
  private Process process;

  private EmbeddedKafka(
      Path directory, Path settings, String servers, String guardedServers, String tlsServers) {
    this.directory = directory;
    this.settings = settings;
    this.servers = servers;
    this.guardedServers = guardedServers;
    this.tlsServers = tlsServers;
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "end-of-kafka"));
  }

  /** Starts a broker that keeps everything in {@code directory}. */
  public static EmbeddedKafka start(Path directory) throws IOException {
    return start(directory, Uuid.randomUuid().toString());
  }

  /**
   * The same, with a password for {@link #USER} at {@link #guardedServers}.
   *
   * @param password letters and digits
   */
  public static EmbeddedKafka start(Path directory, String password) throws IOException {
    return start(directory, password, Optional.empty());
  }

  /** The same, with TLS at {@link #tlsServers} for whom the broker trusts. */
  public static EmbeddedKafka start(Path directory, String password, TlsStores stores)
      throws IOException {
    return start(directory, password, Optional.of(stores));
  }

  private static EmbeddedKafka start(Path directory, String password, Optional<TlsStores> stores)
      throws IOException {
    int port = FreePorts.firstOf(4);
    int guardedPort = port + 1;
    int controllerPort = port + 2;
    int tlsPort = port + 3;
    Properties properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry(
                "listeners",
                "PLAINTEXT://127.0.0.1:"
                    + port
                    + ",SASL_PLAINTEXT://127.0.0.1:"
                    + guardedPort
                    + ",CONTROLLER://127.0.0.1:"
                    + controllerPort),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("sasl.enabled.mechanisms", "PLAIN"),
            // Everybody may do everything with a topic of which nothing is said.
            Map.entry(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
            Map.entry("allow.everyone.if.no.acl.found", "true"),
            Map.entry("super.users", "User:ANONYMOUS"),
            Map.entry(
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_"
                    + USER
                    + "=\""
                    + password
                    + "\";"),
            Map.entry("log.dirs", directory.resolve("log").toString()),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("log.cleaner.dedupe.buffer.size", "4194304")));
    stores.ifPresent(known -> addTls(properties, tlsPort, known));
    Path settings = directory.resolve("server.properties");
    try (var out = Files.newBufferedWriter(settings)) {
      properties.store(out, null);
    }
    EmbeddedKafka kafka =
        new EmbeddedKafka(
            directory,
            settings,
            "127.0.0.1:" + port,
            "127.0.0.1:" + guardedPort,
            "127.0.0.1:" + tlsPort);
    kafka.format();
    kafka.restart();
    return kafka;
  }

  private static void addTls(Properties properties, int port, TlsStores stores) {
    properties.merge("listeners", ",SSL://127.0.0.1:" + port, (all, more) -> all + "" + more);
    properties.merge("listener.security.protocol.map", ",SSL:SSL", (all, more) -> all + "" + more);
    String prefix = "listener.name.ssl.ssl.";
    properties.put(prefix + "client.auth", "required");
    properties.put(prefix + "keystore.type", "PKCS12");
    properties.put(prefix + "keystore.location", stores.keys("broker").toString());
    properties.put(prefix + "keystore.password", stores.password());
    properties.put(prefix + "key.password", stores.password());
    properties.put(prefix + "truststore.type", "PKCS12");
    properties.put(prefix + "truststore.location", stores.trusted("broker").toString());
    properties.put(prefix + "truststore.password", stores.password());
  }

  private void format() throws IOException {
    Process formatting =
        java(
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            Uuid.randomUuid().toString(),
            "--config",
            settings.toString());
    try {
      if (!formatting.waitFor(START_SECONDS, TimeUnit.SECONDS) || formatting.exitValue() != 0) {
        formatting.destroyForcibly();
        throw new IOException("Kafka's storage cannot be made; see " + directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private Process java(String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx320m", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    command.addAll(List.of(arguments));
    File log = directory.resolve(main + ".log").toFile();
    return new ProcessBuilder(command)
        // What it logs by the tests' own settings goes below its directory, not into their log.
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  /** Starts the broker again after {@link #kill}, and waits until it answers. */
  public void restart() throws IOException {
    process = java("kafka.Kafka", settings.toString());
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
        kill();
        throw new IOException("Kafka does not start; see " + directory);
      }
    }
  }

  private boolean answers() {
    try (Admin admin = admin()) {
      return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      pause();
      return false;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the broker as a power cut would. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.waitFor(START_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Where clients find it. */
  public String servers() {
    return servers;
  }

  /** Where clients find it that have the password. */
  public String guardedServers() {
    return guardedServers;
  }

  /** Where clients find it whose keys it trusts. */
  public String tlsServers() {
    return tlsServers;
  }

  /** Makes a topic. */
  public void createTopic(String name, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /**
   * Lets {@link #USER} do this with a topic, and nothing else that was not said so, and returns
   * when the broker knows it.
   */
  public void allow(String topic, AclOperation operation) throws Exception {
    AclBinding binding =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry("User:" + USER, "*", operation, AclPermissionType.ALLOW));
    try (Admin admin = admin()) {
      admin.createAcls(List.of(binding)).all().get();
      while (admin.describeAcls(binding.toFilter()).values().get().isEmpty()) {
        pause();
      }
    }
  }

  /** The ends of a topic's partitions, by what readers of that isolation see. */
  public Map<Integer, Long> ends(String topic, IsolationLevel isolation) throws Exception {
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetSpec> question = new HashMap<>();
      admin
          .describeTopics(List.of(topic))
          .topicNameValues()
          .get(topic)
          .get()
          .partitions()
          .forEach(
              found ->
                  question.put(new TopicPartition(topic, found.partition()), OffsetSpec.latest()));
      Map<Integer, Long> ends = new TreeMap<>();
      admin
          .listOffsets(question, new ListOffsetsOptions(isolation))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
      return ends;
    }
  }

  /** A client for everything else; the caller closes it. */
  public Admin admin() {
    return Admin.create(
        Map.of(
            "bootstrap.servers", servers,
            "request.timeout.ms", "5000",
            "default.api.timeout.ms", "30000"));
  }

  /** A producer of bytes, with further settings; the caller closes it. */
  public KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers);
    properties.put("linger.ms", 5);
    properties.putAll(settings);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void close() {
    kill();
  }
}
