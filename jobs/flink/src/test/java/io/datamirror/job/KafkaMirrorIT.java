package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.demo.DemoCheck;
import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoRecords;
import io.datamirror.demo.DemoTable;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.EmbeddedKafka;
import io.datamirror.testkit.RegistryStandin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real histories through a real broker, which is killed, as task managers are, on the way. */
class KafkaMirrorIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Without the two long ones, for the time that they take. */
  private static final List<DemoTable> TABLES =
      List.of(DemoTable.REGIONS, DemoTable.COUNTRIES, DemoTable.NAVAIDS);

  private static final int PARTITIONS = 4;
  private static final Duration CATCH_UP = Duration.ofMinutes(5);

  private static final AvroHistory AVRO = new AvroHistory(DemoTable.REGIONS);

  @TempDir private static Path broker;
  private static EmbeddedKafka kafka;
  private static RegistryStandin registry;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(broker);
    registry = RegistryStandin.start();
    AVRO.register(registry);
  }

  @AfterAll
  static void stop() {
    kafka.close();
    registry.close();
  }

  /** One table of the mirror: a table of the history in one format. */
  private record Mirrored(String format, DemoTable table) {

    static List<Mirrored> all() {
      return TABLES.stream().flatMap(Mirrored::of).toList();
    }

    static Stream<Mirrored> of(DemoTable table) {
      Stream<String> formats =
          switch (table) {
            case REGIONS -> Stream.of("json", "debezium-json", "avro", "debezium-avro");
            case COUNTRIES, NAVAIDS -> Stream.of("json", "debezium-json");
            case AIRPORT_FREQUENCIES, RUNWAYS -> Stream.of();
          };
      return formats.map(format -> new Mirrored(format, table));
    }

    String topic() {
      return "airports." + format + "." + table.lakeName();
    }

    String lakeName() {
      return table.lakeName() + "_" + format.replace('-', '_');
    }

    String spec() {
      return DemoRecords.spec(table).replace("name: " + table.lakeName(), "name: " + lakeName())
          + "    format: "
          + format
          + "\n    source: "
          + topic()
          + "\n";
    }
  }

  @Test
  void a_shuffled_history_gives_the_expected_tables_whatever_dies_on_the_way() throws Exception {
    for (Mirrored mirrored : Mirrored.all()) {
      kafka.createTopic(mirrored.topic(), PARTITIONS);
    }
    try (Cluster cluster = new Cluster()) {
      write(0, 1);
      JobID id = cluster.submit(job(Until.STOPPED), Cluster.settings());
      registry.answerWith(RegistryStandin.Fault.SERVER_ERROR);
      cluster.killTaskManager();
      write(1, 2);
      registry.answerWith(RegistryStandin.Fault.NONE);
      awaitDecided();
      kafka.kill();
      cluster.killTaskManager();
      kafka.restart();
      write(2, 3);
      cluster.killTaskManager();
      awaitExpected(cluster, id);
      cluster.cancel(id);

      JobResult result = cluster.result(cluster.submit(job(Until.NOW), Cluster.settings()));
      assertThat(result.getSerializedThrowable()).isEmpty();
      awaitExpected();
      try (Lake lake = new Lake(directory)) {
        for (Mirrored mirrored : Mirrored.all()) {
          assertThat(lake.table(mirrored.lakeName()).properties().get("data-mirror.position"))
              .startsWith(mirrored.topic() + "@");
        }
      }
    }
  }

  @Test
  void offsets_are_versions_and_what_cannot_be_read_is_in_the_ledger() throws Exception {
    kafka.createTopic("items", 2);
    try (Cluster cluster = new Cluster();
        Admin admin = kafka.admin()) {
      send("items", "1", "{\"id\": 1, \"name\": \"a\"}");
      send("items", "1", "{\"id\": 1, \"name\": \"b\"}");
      send("items", "2", "{\"id\": 2, \"name\": \"gone\"}");
      send("items", "2", null);
      send("items", "3", "not {json");
      assertThat(runItems(cluster).getSerializedThrowable()).isEmpty();
      try (Lake lake = new Lake(directory)) {
        assertThat(lake.records("items")).extracting(row -> row.getField("name")).containsOnly("b");
        assertThat(lake.records("mirror_ledger"))
            .singleElement()
            .satisfies(
                entry -> {
                  assertThat(entry.getField("reason")).isEqualTo("unreadable");
                  assertThat((String) entry.getField("row"))
                      .startsWith("{\"topic\":\"items\",\"partition\":")
                      .contains("\"offset\":", "\"value\":\"bm90IHtqc29u\"");
                });
      }

      send("items", "1", "{\"id\": 1, \"name\": \"c\"}");
      assertThat(runItems(cluster).getSerializedThrowable()).isEmpty();
      try (Lake lake = new Lake(directory)) {
        assertThat(lake.records("items")).extracting(row -> row.getField("name")).containsOnly("c");
        assertThat(lake.records("mirror_ledger")).hasSize(1);
      }

      admin.createPartitions(Map.of("items", NewPartitions.increaseTo(3))).all().get();
      assertThat(failure(runItems(cluster)))
          .contains("MIRROR-2046 items: the topic items has other partitions than before")
          .contains(
              "Add version: with the columns that say which record is newer, and mirror the topic"
                  + " under another name; without such columns, mirror a new topic that is written"
                  + " anew into a new table.");

      admin.deleteTopics(List.of("items")).all().get();
      Awaitility.await()
          .atMost(CATCH_UP)
          .until(() -> !admin.listTopics().names().get().contains("items"));
      kafka.createTopic("items", 2);
      assertThat(failure(runItems(cluster)))
          .contains("MIRROR-2009 items: the topic items was deleted and created again");
    }
  }

  private static String failure(JobResult result) {
    return result.getSerializedThrowable().orElseThrow().getFullStringifiedStackTrace();
  }

  private static void send(String topic, String key, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
      producer
          .send(
              new ProducerRecord<>(
                  topic,
                  key.getBytes(StandardCharsets.UTF_8),
                  value == null ? null : value.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  private JobResult runItems(Cluster cluster) throws Exception {
    String text =
        """
        mirror: items
        source: { type: kafka, bootstrap-servers: "%s" }
        %s
        tables:
          - name: items
            source: items
            format: json
            primary-key: [id]
            schema: { id: long, name: string }
        """
            .formatted(kafka.servers(), Lake.spec(directory));
    Launch launch = Preparation.prepare(SpecReader.read(text), SecretSource.ofProcess());
    MirrorJob job = new MirrorJob(launch, JobSettings.of(Until.NOW));
    return cluster.result(cluster.submit(job, Cluster.settings()));
  }

  private void awaitExpected(Cluster cluster, JobID id) throws Exception {
    try {
      awaitExpected();
    } catch (ConditionTimeoutException e) {
      if (cluster.status(id).isTerminalState()) {
        e.addSuppressed(cluster.result(id).getSerializedThrowable().orElseThrow());
      }
      e.addSuppressed(new IllegalStateException(offsets()));
      throw e;
    }
  }

  /**
   * Waits until no transaction is open: a broker that is killed while it writes the marks of one
   * may leave it open for ever, and nothing after it is ever committed.
   */
  private static void awaitDecided() {
    for (Mirrored mirrored : Mirrored.all()) {
      Awaitility.await("end of transactions in " + mirrored.topic())
          .atMost(CATCH_UP)
          .until(
              () ->
                  kafka
                      .ends(mirrored.topic(), IsolationLevel.READ_COMMITTED)
                      .equals(kafka.ends(mirrored.topic(), IsolationLevel.READ_UNCOMMITTED)));
    }
  }

  private String offsets() throws Exception {
    StringBuilder text = new StringBuilder();
    try (Lake lake = new Lake(directory)) {
      for (Mirrored mirrored : Mirrored.all()) {
        text.append(lake.table(mirrored.lakeName()).properties().get("data-mirror.position"));
        for (IsolationLevel isolation : IsolationLevel.values()) {
          text.append(", ").append(isolation).append(' ');
          text.append(kafka.ends(mirrored.topic(), isolation));
        }
      }
    }
    return text.toString();
  }

  private void awaitExpected() {
    try (Lake lake = new Lake(directory)) {
      for (Mirrored mirrored : Mirrored.all()) {
        Awaitility.await(mirrored.lakeName())
            .atMost(CATCH_UP)
            .pollInterval(Duration.ofMillis(500))
            .ignoreExceptions()
            .untilAsserted(
                () ->
                    assertThat(
                            DemoCheck.compare(mirrored.table(), lake.table(mirrored.lakeName()))
                                .differing())
                        .hasSize(0));
      }
    }
  }

  /** Writes a third of each history in transactions, each after one that is aborted. */
  private static void write(int from, int to) throws Exception {
    Map<String, Object> settings = new HashMap<>();
    settings.put("transactional.id", "history-" + from);
    try (KafkaProducer<byte[], byte[]> producer = kafka.producer(settings)) {
      producer.initTransactions();
      for (DemoTable table : TABLES) {
        List<Map<String, Object>> changes =
            DemoRecords.changes(table, DemoOrder.shuffled(20_261_125));
        int third = changes.size() / 3;
        List<Map<String, Object>> part =
            changes.subList(from * third, to == 3 ? changes.size() : to * third);
        for (Mirrored mirrored : Mirrored.of(table).toList()) {
          write(producer, mirrored, part);
        }
      }
    }
  }

  private static void write(
      KafkaProducer<byte[], byte[]> producer, Mirrored mirrored, List<Map<String, Object>> changes)
      throws Exception {
    producer.beginTransaction();
    for (Map<String, Object> change : changes.subList(0, 50)) {
      Map<String, Object> wrong = new LinkedHashMap<>(change);
      wrong.put("name", "never happened");
      wrong.put("_commit_version", Long.MAX_VALUE);
      send(producer, mirrored, wrong);
    }
    producer.flush();
    producer.abortTransaction();
    producer.beginTransaction();
    for (Map<String, Object> change : changes) {
      send(producer, mirrored, change);
    }
    producer.commitTransaction();
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, Mirrored mirrored, Map<String, Object> change)
      throws Exception {
    byte[] key = JSON.writeValueAsBytes(Map.of("id", change.get("id")));
    byte[] value =
        switch (mirrored.format()) {
          case "json" -> JSON.writeValueAsBytes(change);
          case "debezium-json" -> JSON.writeValueAsBytes(debeziumEvent(change));
          case "avro" -> AVRO.row(change);
          case "debezium-avro" -> AVRO.event(debeziumEvent(change));
          default -> throw new IllegalArgumentException(mirrored.format());
        };
    var unused = producer.send(new ProducerRecord<>(mirrored.topic(), key, value));
  }

  private static Map<String, Object> debeziumEvent(Map<String, Object> change) {
    Map<String, Object> row = new LinkedHashMap<>(change);
    boolean delete = "d".equals(row.remove("_change_request_type"));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("before", delete ? row : null);
    event.put("after", delete ? null : row);
    event.put("op", delete ? "d" : (long) change.get("_commit_version") % 2 == 0 ? "c" : "u");
    event.put("source", Map.of("connector", "test"));
    return event;
  }

  private MirrorJob job(Until until) {
    StringBuilder text =
        new StringBuilder(
            """
            mirror: test
            source:
              type: kafka
              bootstrap-servers: %s
              registry: { url: "%s" }
              poll-interval: 100ms
            """
                .formatted(kafka.servers(), registry.url()));
    text.append(Lake.spec(directory)).append("tables:\n");
    Mirrored.all().forEach(mirrored -> text.append(mirrored.spec()));
    MirrorSpec spec = SpecReader.read(text.toString());
    Launch launch = Preparation.prepare(spec, SecretSource.ofProcess());
    return new MirrorJob(launch, JobSettings.of(until));
  }
}
