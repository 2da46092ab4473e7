package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.publish.FoldedTopic;
import io.datamirror.testkit.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every verb over a topic that is read and one that is published to, of a broker that wants a
 * password; which none of them tells.
 */
class KafkaVerbsIT {

  private final Canaries canaries = new Canaries(System.nanoTime());

  @TempDir private Path directory;

  @Test
  void each_verb_says_what_there_is_to_say_of_topics_and_none_tells_the_password()
      throws Exception {
    try (EmbeddedKafka kafka =
            EmbeddedKafka.start(Files.createDirectory(directory.resolve("broker")), password());
        CanaryLog log = CanaryLog.listen(canaries)) {
      String spec = spec(kafka, "right", password());
      String wrong = spec(kafka, "wrong", "not-the-password");

      assertThat(say(0, "validate", "--spec", spec)).contains("ok: shop, 1 table");
      assertThat(say(2, "check", "--spec", spec))
          .contains("MIRROR-1025 items: Kafka has no topic in.items that this user may see")
          .contains("topic shop.items: will be created for items");
      assertThat(say(3, "check", "--spec", wrong))
          .contains("MIRROR-2002")
          .contains("Mend sasl.jaas.config");

      kafka.createTopic("in.items", 2);
      send(kafka, "1", "{\"id\": 1, \"name\": \"a\"}");
      send(kafka, "2", "{\"id\": 2, \"name\": \"b\"}");
      assertThat(say(0, "check", "--spec", spec)).contains("ok      items: reads in.items");
      assertThat(say(0, "plan", "--spec", spec))
          .contains("-- items: reads in.items", "-- items: published to shop.items");
      say(0, "run", "--spec", spec, "--until", "now");
      say(0, "run", "--spec", spec, "--until", "now", "--mode", "batch");
      assertThat(say(0, "status", "--spec", spec))
          .contains("following", "in.items@", "items is published up to epoch 1 to shop.items");
      assertThat(say(0, "query", "--spec", spec, "SELECT name FROM items ORDER BY id", "-o", "csv"))
          .contains("a\nb\n");
      assertThat(FoldedTopic.read(kafka, "shop.items").rows())
          .containsOnlyKeys("{\"id\":1}", "{\"id\":2}");
      assertThat(say(0, "check", "--spec", spec))
          .contains("topic shop.items: items is published to it up to epoch 1");
      assertThat(say(3, "run", "--spec", wrong, "--until", "now")).contains("MIRROR-2002");
      assertThat(log.hits()).isEmpty();
      assertThat(log.events()).isGreaterThan(1_000);
    }
    assertThat(filesThatTell(directory.resolve("lake"))).isEmpty();
  }

  private String password() {
    return canaries.value("password");
  }

  private String say(int exitCode, String... arguments) {
    Cli.Result result = Cli.run(arguments);
    String said = result.out() + result.err();
    assertThat(result.exitCode()).as(said).isEqualTo(exitCode);
    assertThat(canaries.in(said)).isEmpty();
    return said;
  }

  private String spec(EmbeddedKafka kafka, String name, String password) throws IOException {
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
    Path spec = directory.resolve(name + ".yaml");
    Files.writeString(
        spec,
        """
        mirror: shop
        source:
        %s
        publish:
        %s
        lake:
          catalog: { type: jdbc, uri: "jdbc:sqlite:%s/lake/catalog.db", warehouse: "%s/lake" }
          namespace: shop
        tables:
          - { name: items, source: in.items, format: json, primary-key: [id], schema: { id: long, name: string } }
        """
            .formatted(kafkaKeys, kafkaKeys, directory, directory));
    return spec.toString();
  }

  private static void send(EmbeddedKafka kafka, String key, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
      producer
          .send(
              new ProducerRecord<>(
                  "in.items",
                  key.getBytes(StandardCharsets.UTF_8),
                  value.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  private List<Path> filesThatTell(Path files) throws IOException {
    try (Stream<Path> all = Files.walk(files)) {
      return all.filter(Files::isRegularFile).filter(this::tells).toList();
    }
  }

  private boolean tells(Path file) {
    try {
      return !canaries.in(Files.readAllBytes(file)).isEmpty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
