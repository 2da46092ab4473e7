package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.publish.FoldedTopic;
import io.datamirror.testkit.EmbeddedKafka;
import io.datamirror.testkit.RegistryStandin;
import io.datamirror.testkit.TlsStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every verb over topics that are read and topics that are published to, of a broker that wants a
 * password or keys; which none of them tells.
 */
class KafkaVerbsIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Canaries CANARIES = new Canaries(System.nanoTime());
  private static final String ITEM =
      "{\"type\": \"record\", \"name\": \"Item\", \"fields\": ["
          + "{\"name\": \"id\", \"type\": \"long\"},"
          + "{\"name\": \"sold\", \"type\": {\"type\": \"int\", \"logicalType\": \"date\"}}]}";

  @TempDir private static Path kept;
  private static TlsStores stores;
  private static EmbeddedKafka kafka;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws IOException {
    stores =
        TlsStores.make(
            Files.createDirectory(kept.resolve("keys")), CANARIES.value("trust-store-password"));
    kafka = EmbeddedKafka.start(Files.createDirectory(kept.resolve("broker")), password(), stores);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void each_verb_says_what_there_is_to_say_of_topics_and_none_tells_the_password()
      throws Exception {
    try (CanaryLog log = CanaryLog.listen(CANARIES)) {
      String spec = spec("right", password());
      String wrong = spec("wrong", "not-the-password");

      assertThat(say(0, "validate", "--spec", spec)).contains("ok: shop, 1 table");
      assertThat(say(2, "check", "--spec", spec))
          .contains("MIRROR-1025 items (line ")
          .contains("Kafka has no topic in.items that this user may see")
          .contains("topic shop.items: will be created for items");
      assertThat(say(3, "check", "--spec", wrong))
          .contains("MIRROR-2002")
          .contains("Mend sasl.jaas.config");

      kafka.createTopic("in.items", 2);
      kafka.allow("in.items", AclOperation.DESCRIBE);
      for (String verb : List.of("check", "run")) {
        assertThat(say(3, verb, "--spec", spec))
            .contains("MIRROR-2004 items: Kafka does not allow this user to read in.items.");
      }
      assertThat(directory.resolve("lake")).doesNotExist();
      kafka.allow("in.items", AclOperation.READ);
      send("in.items", "1", "{\"id\": 1, \"name\": \"a\"}");
      send("in.items", "2", "{\"id\": 2, \"name\": \"b\"}");
      assertThat(say(0, "check", "--spec", spec)).contains("ok      items: reads in.items");
      assertThat(say(0, "plan", "--spec", spec))
          .contains("-- items: reads in.items", "-- items: published to shop.items");
      say(0, "run", "--spec", spec, "--until", "now");
      say(0, "run", "--spec", spec, "--until", "now", "--mode", "batch");
      // A checkpoint may fall between the two rows.
      long epoch = lakeEpoch(spec);
      assertThat(epoch).isPositive();
      assertThat(say(0, "status", "--spec", spec))
          .contains("following", "in.items@")
          .contains("items is published up to epoch " + epoch + " to shop.items");
      assertThat(say(0, "query", "--spec", spec, "SELECT name FROM items ORDER BY id", "-o", "csv"))
          .contains("a\nb\n");
      assertThat(FoldedTopic.read(kafka, "shop.items").rows())
          .containsOnlyKeys("{\"id\":1}", "{\"id\":2}");
      assertThat(say(0, "check", "--spec", spec))
          .contains("topic shop.items: items is published to it up to epoch " + epoch);
      assertThat(say(0, "verify", "--spec", spec)).contains("equal   items: 2 rows");
      Path change = Files.writeString(directory.resolve("change.csv"), "id,name\n1,c\n");
      assertThat(say(1, "apply", "--spec", spec, "--table", "items", change.toString()))
          .contains("MIRROR-4001 items: ", "null-version, change.csv:2: _offset is null");
      send("in.items", "2", "{\"id\": 2, \"name\": \"later\"}");
      assertThat(say(0, "verify", "--spec", spec)).contains("equal   items: 1 row, 1 key left out");
      assertThat(say(3, "run", "--spec", wrong, "--until", "now")).contains("MIRROR-2002");
      assertThat(log.hits()).isEmpty();
      assertThat(log.events()).isGreaterThan(1_000);
    }
    assertThat(filesThatTell(directory.resolve("lake"))).isEmpty();
  }

  @Test
  void a_broker_that_wants_keys_and_a_registry_that_wants_a_password_are_read_and_none_is_told()
      throws Exception {
    kafka.createTopic("tls.items", 1);
    Schema schema = new Schema.Parser().parse(ITEM);
    GenericData.Record row = new GenericData.Record(schema);
    row.put("id", 1L);
    row.put("sold", 20_000);
    send("tls.items", (byte[]) null, RegistryStandin.message(5, schema, row));
    try (RegistryStandin registry = RegistryStandin.start();
        CanaryLog log = CanaryLog.listen(CANARIES)) {
      registry.put(5, ITEM);
      registry.demand("Basic " + base64("mirror:" + CANARIES.value("token")));
      String spec = tlsSpec("tls", stores.trusted("client"), stores.password(), registry);

      assertThat(say(0, "check", "--spec", spec)).contains("ok      items: reads tls.items");
      say(0, "run", "--spec", spec, "--until", "now");
      assertThat(say(0, "query", "--spec", spec, "SELECT * FROM items", "-o", "csv"))
          .contains("1,2024-10-04,0");
      assertThat(say(0, "verify", "--spec", spec)).contains("equal   items: 1 row");

      String stranger = tlsSpec("stranger", stores.trusted("broker"), stores.password(), registry);
      assertThat(say(3, "check", "--spec", stranger))
          .contains("MIRROR-2002")
          .contains("the TLS handshake with Kafka failed", "Mend ssl.truststore");
      String locked = tlsSpec("locked", stores.trusted("client"), "not-the-password", registry);
      assertThat(say(2, "check", "--spec", locked))
          .contains("MIRROR-1004")
          .contains("a store of keys or certificates cannot be opened");

      registry.demand("Basic of somebody else");
      assertThat(say(3, "check", "--spec", spec))
          .contains("MIRROR-2002 " + registry.url())
          .contains("the schema registry refuses the credentials, with HTTP 401");
      registry.close();
      assertThat(say(3, "check", "--spec", spec)).contains("MIRROR-2080 " + registry.url());
      assertThat(log.hits()).isEmpty();
    }
    assertThat(filesThatTell(directory.resolve("lake"))).isEmpty();
  }

  @Test
  void what_is_applied_by_hand_is_published_once_and_verify_tells_it_from_the_topic()
      throws Exception {
    for (String topic : List.of("law.prices", "law.sizes")) {
      kafka.createTopic(topic, 1);
      send(topic, (String) null, "{\"id\": 1, \"rev\": 1}");
      send(topic, (String) null, "{\"id\": 2, \"rev\": 1}");
    }
    String spec = lawSpec();
    say(0, "run", "--spec", spec, "--until", "now");
    Path purge = directory.resolve("purge.csv");
    Files.writeString(purge, "id,rev,_offset,_change_request_type\n1,1,0,d\n");
    say(0, "apply", "--spec", spec, "--table", "prices", purge.toString());

    assertThat(FoldedTopic.read(kafka, "law.prices.prices").log())
        .containsExactlyInAnyOrder("+ {\"id\":1}", "+ {\"id\":2}", "- {\"id\":1}");
    assertThat(say(4, "verify", "--spec", spec))
        .contains("differs prices: 1 key", "missing {\"id\":1}", "equal   sizes: 2 rows");

    send("law.sizes", (String) null, "{\"id\": 2, \"rev\": 2}");
    say(0, "run", "--spec", spec, "--until", "now");
    say(0, "apply", "--spec", spec, "--table", "prices", purge.toString());
    assertThat(FoldedTopic.read(kafka, "law.prices.prices").log()).hasSize(3);
    assertThat(FoldedTopic.read(kafka, "law.prices.sizes").log())
        .containsExactlyInAnyOrder("+ {\"id\":1}", "+ {\"id\":2}", "+ {\"id\":2}");

    try (Admin admin = kafka.admin()) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition("law.sizes", 0), RecordsToDelete.beforeOffset(1)))
          .all()
          .get();
    }
    assertThat(say(3, "verify", "--spec", spec, "sizes"))
        .contains("MIRROR-2082 sizes: law.sizes-0 begins at 1: what stood before is gone");
  }

  private String lawSpec() throws IOException {
    return written(
        "law",
        """
        mirror: law
        source: { type: kafka, bootstrap-servers: "%s" }
        publish: { type: kafka, bootstrap-servers: "%s", topic-prefix: law.prices. }
        %s
        defaults: { format: json, primary-key: [id], version: [rev], schema: { id: long, rev: long } }
        tables:
          - { name: prices, source: law.prices }
          - { name: sizes, source: law.sizes }
        """
            .formatted(kafka.servers(), kafka.servers(), lake()));
  }

  private String lake() {
    return """
        lake:
          catalog: { type: jdbc, uri: "jdbc:sqlite:%s/lake/catalog.db", warehouse: "%s/lake" }
          namespace: shop
        """
        .formatted(directory, directory);
  }

  private String written(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name + ".yaml"), text).toString();
  }

  /** A secret, as a spec refers to it. */
  private String secret(String name, String value) throws IOException {
    return "${file:" + Files.writeString(directory.resolve(name), value) + "}";
  }

  private String tlsSpec(String name, Path trusted, String password, RegistryStandin registry)
      throws IOException {
    String stored = secret(name + ".stores", password);
    return written(
        name,
        """
        mirror: tls
        source:
          type: kafka
          bootstrap-servers: "%s"
          registry: { url: "%s", user: mirror, password: "%s" }
          properties:
            security.protocol: SSL
            ssl.truststore.type: PKCS12
            ssl.truststore.location: "%s"
            ssl.truststore.password: "%s"
            ssl.keystore.type: PKCS12
            ssl.keystore.location: "%s"
            ssl.keystore.password: "%s"
            ssl.key.password: "%s"
        %s
        tables:
          - { name: items, source: tls.items, format: avro, primary-key: [id], schema: { id: long, sold: date } }
        """
            .formatted(
                kafka.tlsServers(),
                registry.url(),
                secret("registry", CANARIES.value("token")),
                trusted,
                stored,
                stores.keys("client"),
                stored,
                stored,
                lake()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String password() {
    return CANARIES.value("password");
  }

  private String say(int exitCode, String... arguments) {
    Cli.Result result = Cli.run(arguments);
    String said = result.out() + result.err();
    assertThat(result.exitCode()).as(said).isEqualTo(exitCode);
    assertThat(CANARIES.in(said)).isEmpty();
    return said;
  }

  /** The newest epoch that the only table of a spec holds in the lake. */
  private long lakeEpoch(String spec) throws IOException {
    String status = Cli.run("status", "--spec", spec, "-o", "json").out();
    return JSON.readTree(status).at("/tables/0/epoch").longValue();
  }

  private String spec(String name, String password) throws IOException {
    Path jaas = directory.resolve(name + ".jaas");
    Files.writeString(
        jaas,
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(EmbeddedKafka.USER, password));
    String kafkaKeys =
        """
          type: kafka
          bootstrap-servers: "%s"
          properties:
            security.protocol: SASL_PLAINTEXT
            sasl.mechanism: PLAIN
            sasl.jaas.config: ${file:%s}
        """
            .formatted(kafka.guardedServers(), jaas);
    return written(
        name,
        """
        mirror: shop
        source:
        %s
        publish:
        %s
        %s
        tables:
          - { name: items, source: in.items, format: json, primary-key: [id], schema: { id: long, name: string } }
        """
            .formatted(kafkaKeys, kafkaKeys, lake()));
  }

  private static void send(String topic, String key, String value) throws Exception {
    send(
        topic,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(String topic, byte[] key, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get();
    }
  }

  private List<Path> filesThatTell(Path files) throws IOException {
    try (Stream<Path> all = Files.walk(files)) {
      return all.filter(Files::isRegularFile).filter(this::tells).toList();
    }
  }

  private boolean tells(Path file) {
    try {
      return !CANARIES.in(Files.readAllBytes(file)).isEmpty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
