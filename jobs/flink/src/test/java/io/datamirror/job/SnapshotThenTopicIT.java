package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.change.ColumnType;
import io.datamirror.cli.Cli;
import io.datamirror.demo.DemoCheck;
import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoRecords;
import io.datamirror.demo.DemoTable;
import io.datamirror.error.ProblemsException;
import io.datamirror.source.SourceSettings;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.EmbeddedKafka;
import io.datamirror.testkit.FaultPlan;
import io.datamirror.testkit.FaultPlan.Kind;
import io.datamirror.testkit.FaultPlan.Point;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.iceberg.data.Record;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables whose topic no longer has their first changes: the base table has the rows, the topic what
 * happened since.
 */
class SnapshotThenTopicIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PARTITIONS = 3;
  private static final int ROWS = 3_000;
  private static final Duration CATCH_UP = Duration.ofMinutes(2);

  @TempDir private static Path broker;
  private static EmbeddedKafka kafka;
  private static Cluster cluster;
  private static int databases;

  @TempDir private Path directory;

  private final FaultPlan faults = FaultPlan.create();
  private String url;
  private String topic;
  private Connection database;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(broker);
    cluster = new Cluster();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
    kafka.close();
  }

  @BeforeEach
  void aTableWhoseChangesGoToATopic() throws Exception {
    String name = "shop" + ++databases;
    url = "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1";
    topic = name + ".items";
    database = DriverManager.getConnection(url);
    database.setAutoCommit(false);
    // Where records are deleted, a broker forgets the producer that numbers them, and that waits.
    producer =
        kafka.producer(
            Map.of("enable.idempotence", false, "max.in.flight.requests.per.connection", 1));
    kafka.createTopic(topic, PARTITIONS);
    sql(
        "CREATE TABLE ITEMS (\"id\" BIGINT NOT NULL PRIMARY KEY, \"v\" BIGINT NOT NULL,"
            + " \"name\" VARCHAR(40))");
  }

  @AfterEach
  void close() throws SQLException {
    producer.close();
    database.close();
  }

  @Test
  void a_table_without_versions_is_its_base_table_and_what_happened_meanwhile_and_since()
      throws Exception {
    upsert(1, ROWS, "first");
    delete(1, 20);
    upsert(10, 15, "back");
    loseHistory();
    upsert(100, 200, "before the mirror");

    faults.failAt(Point.NEXT, Kind.HANG, ROWS / 2);
    JobID job = cluster.submit(job("", Until.STOPPED), Cluster.settings());
    faults.awaitHang();
    upsert(1, 60, "while it is read");
    upsert(ROWS - 100, ROWS + 100, "while it is read");
    delete(30, 45);
    delete(ROWS - 50, ROWS);
    delete(ROWS + 50, ROWS + 60);
    // The one that waits for the database is one of the two.
    cluster.killTaskManager();
    cluster.killTaskManager();
    upsert(40, 42, "back while it is read");
    awaitEqual();

    upsert(500, 900, "later");
    delete(700, 720);
    cluster.killTaskManager();
    upsert(710, 730, "later still");
    awaitEqual();
    cluster.cancel(job);
    upsert(1_000, 1_100, "when nothing ran");
    delete(1_050, 1_060);
    run("", "STREAMING");
    assertThat(lakeRows()).isEqualTo(rows());
    upsert(1_055, 1_200, "when nothing ran again");
    run("", "BATCH");
    assertThat(lakeRows()).isEqualTo(rows());
  }

  @Test
  void a_start_without_state_in_the_middle_of_the_base_table_begins_it_anew() throws Exception {
    upsert(1, ROWS, "first");
    loseHistory();
    faults.failAt(Point.NEXT, Kind.HANG, ROWS * 3 / 4);
    JobID job = cluster.submit(job("", Until.STOPPED), Cluster.settings());
    faults.awaitHang();
    Awaitility.await().atMost(CATCH_UP).until(() -> lakeRows().size() > ROWS / 4);
    assertThat(position()).isEmpty();
    cluster.cancel(job);

    upsert(1, 400, "never read from the topic");
    delete(200, 300);
    loseHistory();
    run("", "STREAMING");
    assertThat(lakeRows()).isEqualTo(rows());
    assertThat(position()).startsWith(topic + "@");
  }

  @Test
  void verbs_speak_of_the_base_table_and_verify_compares_with_it() throws Exception {
    upsert(1, 300, "first");
    delete(10, 20);
    loseHistory();
    upsert(100, 150, "kept");
    run("", "STREAMING");
    upsert(140, 160, "after the position");
    delete(290, 300);
    Path file = Files.writeString(directory.resolve("spec.yaml"), spec(""));

    assertThat(say(0, "check", file)).contains("ok      items: reads " + topic);
    assertThat(say(0, "plan", file))
        .contains("LIST OFFSETS OF " + topic + " of 1ms ago", "FROM \"PUBLIC\".\"ITEMS\"");
    assertThat(say(0, "status", file)).contains("items", topic + "@");
    assertThat(say(0, "verify", file)).contains("equal   items:", "32 keys left out");
    sql("UPDATE ITEMS SET \"name\" = 'not told' WHERE \"id\" = 50");
    assertThat(say(4, "verify", file)).contains("different {\"id\":50}");
    sql("ALTER TABLE ITEMS DROP COLUMN \"name\"");
    assertThat(say(2, "check", file))
        .contains("MIRROR-1024 items.name", "the snapshot table PUBLIC.ITEMS has no such column");
  }

  @Test
  void all_that_is_wrong_with_topics_and_base_tables_is_said_at_once() throws Exception {
    String foreign = topic + ".foreign";
    kafka.createTopic(foreign, 1);
    producer.send(new ProducerRecord<>(foreign, new byte[1])).get();
    String publish =
        "publish: { type: kafka, bootstrap-servers: \"%s\", topics: { items: %s } }\n"
            .formatted(kafka.servers(), foreign);
    String tables =
        """
          - name: items
            source: no.such.topic
            snapshot: PUBLIC.ITEMS
            format: json
            primary-key: [id]
            version: [v]
            schema: { id: long, v: long, name: long, gone: string }
          - name: others
            source: %s
            snapshot: PUBLIC.OTHERS
            format: json
            primary-key: [id]
            schema: { id: long }
        """
            .formatted(topic);
    MirrorSpec spec =
        SpecReader.read(head("", "").replace("tables:\n", publish + "tables:\n") + tables);

    assertThat(
            catchThrowableOfType(
                    ProblemsException.class,
                    () -> Preparation.prepare(spec, SecretSource.ofProcess()))
                .problems())
        .extracting(problem -> problem.code() + " " + problem.path() + ": " + problem.sentence())
        .containsExactlyInAnyOrder(
            "MIRROR-1025 items: Kafka has no topic no.such.topic that this user may see",
            "MIRROR-1024 items.gone: the snapshot table PUBLIC.ITEMS has no such column",
            "MIRROR-1025 others: the source has no table PUBLIC.OTHERS that this user may see",
            "MIRROR-3051 "
                + foreign
                + ": the topic holds records, and nothing says that this mirror wrote them");
  }

  private static String say(int exitCode, String verb, Path spec) {
    Cli.Result result = Cli.run(verb, "--spec", spec.toString());
    String said = result.out() + result.err();
    assertThat(result.exitCode()).as(said).isEqualTo(exitCode);
    return said;
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAMING", "BATCH"})
  void a_table_with_versions_is_read_anew_when_the_topic_lost_its_history(String mode)
      throws Exception {
    upsert(1, ROWS, "first");
    loseHistory();
    String versions = "    version: [v]\n";
    run(versions, mode);
    assertThat(lakeRows()).isEqualTo(rows());

    upsert(1, 300, "lost");
    delete(200, 400);
    delete(ROWS - 10, ROWS);
    loseHistory();
    upsert(250, 260, "kept");
    delete(500, 510);
    assertThat(failure(result(versions, mode)))
        .contains("MIRROR-2009 items: " + topic + "-", "after the position");
    String anew = versions + "on-history-lost";
    run(anew, mode);
    assertThat(lakeRows()).isEqualTo(rows());
  }

  @Test
  void a_real_history_whose_beginning_only_the_base_table_has() throws Exception {
    Map<DemoTable, String> tables =
        Map.of(DemoTable.REGIONS, "json", DemoTable.NAVAIDS, "debezium-json");
    StringBuilder text = new StringBuilder(head("", ""));
    for (DemoTable table : tables.keySet()) {
      String format = tables.get(table);
      String changes = topic + "." + table.lakeName();
      kafka.createTopic(changes, PARTITIONS);
      List<Map<String, Object>> history = DemoRecords.changes(table, DemoOrder.asItHappened());
      store(table, history.subList(0, history.size() / 2));
      send(changes, format, history.subList(0, history.size() / 3));
      loseHistory(changes);
      List<Map<String, Object>> rest =
          new ArrayList<>(history.subList(history.size() / 3, history.size()));
      rest.addAll(rest.subList(0, rest.size() / 10));
      Collections.shuffle(rest, new Random(20_261_126));
      send(changes, format, rest);
      text.append(DemoRecords.spec(table))
          .append("    format: " + format + "\n    source: " + changes + "\n")
          .append("    snapshot: PUBLIC." + table.lakeName() + "\n");
    }
    Launch launch = Preparation.prepare(SpecReader.read(text.toString()), SecretSource.ofProcess());
    JobID job = cluster.submit(new MirrorJob(launch, settings(Until.NOW)), Cluster.settings());
    assertThat(cluster.result(job).getSerializedThrowable()).isEmpty();
    try (Lake lake = new Lake(directory)) {
      for (DemoTable table : tables.keySet()) {
        assertThat(DemoCheck.compare(table, lake.table(table.lakeName())).differing()).isEmpty();
      }
    }
  }

  // The database, and the topic that hears of its changes

  private void upsert(int from, int to, String name) throws Exception {
    try (PreparedStatement merge =
            database.prepareStatement(
                "MERGE INTO ITEMS (\"id\", \"v\", \"name\") KEY (\"id\") VALUES (?, ?, ?)");
        Statement version = database.createStatement()) {
      long v = nextVersion(version);
      for (long id = from; id <= to; id++) {
        merge.setLong(1, id);
        merge.setLong(2, v);
        merge.setString(3, name);
        merge.addBatch();
      }
      merge.executeBatch();
      database.commit();
      for (long id = from; id <= to; id++) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("v", v);
        row.put("name", name);
        send(id, row);
      }
    }
    producer.flush();
  }

  private void delete(int from, int to) throws Exception {
    Map<Long, Long> versions = new TreeMap<>();
    try (Statement statement = database.createStatement()) {
      String which = " FROM ITEMS WHERE \"id\" BETWEEN " + from + " AND " + to;
      try (ResultSet rows = statement.executeQuery("SELECT \"id\", \"v\"" + which)) {
        while (rows.next()) {
          versions.put(rows.getLong(1), rows.getLong(2));
        }
      }
      statement.execute("DELETE" + which);
      database.commit();
    }
    // A delete has the version that its row had.
    versions.forEach((id, v) -> send(id, Map.of("id", id, "v", v, "_change_request_type", "d")));
    producer.flush();
  }

  private long nextVersion(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(\"v\"), 0) + 1 FROM ITEMS")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void send(long id, Map<String, Object> record) {
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  topic,
                  Long.toString(id).getBytes(StandardCharsets.UTF_8),
                  JSON.writeValueAsBytes(record)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void loseHistory() throws Exception {
    loseHistory(topic);
  }

  /** As retention does: no record is left that was there. */
  private static void loseHistory(String topic) throws Exception {
    try (Admin admin = kafka.admin()) {
      Map<TopicPartition, RecordsToDelete> lost = new HashMap<>();
      kafka
          .ends(topic, IsolationLevel.READ_UNCOMMITTED)
          .forEach(
              (partition, end) ->
                  lost.put(
                      new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(end)));
      admin.deleteRecords(lost).all().get();
    }
  }

  private void sql(String... statements) throws SQLException {
    try (Statement statement = database.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    database.commit();
  }

  private void send(String changes, String format, List<Map<String, Object>> records)
      throws Exception {
    for (Map<String, Object> change : records) {
      byte[] key = JSON.writeValueAsBytes(Map.of("id", change.get("id")));
      byte[] value = JSON.writeValueAsBytes(format.equals("json") ? change : event(change));
      var unused = producer.send(new ProducerRecord<>(changes, key, value));
    }
    producer.flush();
  }

  private static Map<String, Object> event(Map<String, Object> change) {
    Map<String, Object> row = new LinkedHashMap<>(change);
    boolean delete = "d".equals(row.remove("_change_request_type"));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("before", delete ? row : null);
    event.put("after", delete ? null : row);
    event.put("op", delete ? "d" : "u");
    return event;
  }

  /** The base table as it is after these changes. */
  private void store(DemoTable table, List<Map<String, Object>> changes) throws SQLException {
    Map<Object, Map<String, Object>> rows = new LinkedHashMap<>();
    for (Map<String, Object> change : changes) {
      if ("d".equals(change.get("_change_request_type"))) {
        rows.remove(change.get("id"));
      } else {
        rows.put(change.get("id"), change);
      }
    }
    Map<String, ColumnType> schema =
        SpecReader.read(
                head("", "")
                    + DemoRecords.spec(table)
                    + "    format: json\n    source: x\n    snapshot: x\n")
            .tables()
            .get(0)
            .records()
            .schema();
    String columns =
        schema.entrySet().stream()
            .map(column -> "\"" + column.getKey() + "\" " + sqlType(column.getValue().toString()))
            .collect(Collectors.joining(", "));
    sql("CREATE TABLE \"" + table.lakeName() + "\" (" + columns + ", PRIMARY KEY (\"id\"))");
    String marks = schema.keySet().stream().map(name -> "?").collect(Collectors.joining(", "));
    try (PreparedStatement insert =
        database.prepareStatement(
            "INSERT INTO \"" + table.lakeName() + "\" VALUES (" + marks + ")")) {
      for (Map<String, Object> row : rows.values()) {
        int i = 1;
        for (String column : schema.keySet()) {
          insert.setObject(i++, row.get(column));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static String sqlType(String type) {
    return switch (type) {
      case "int" -> "INTEGER";
      case "long" -> "BIGINT";
      case "double" -> "DOUBLE PRECISION";
      case "string" -> "VARCHAR";
      default -> "TIMESTAMP(6) WITH TIME ZONE";
    };
  }

  // The mirror

  private String head(String more, String onHistoryLost) {
    return """
        mirror: test
        source:
          type: kafka
          bootstrap-servers: "%s"
          poll-interval: 100ms
          %s
          snapshot: { type: jdbc, url: "%s"%s }
        """
            .formatted(kafka.servers(), onHistoryLost, faults.url(url), more)
        + Lake.spec(directory)
        + "tables:\n";
  }

  private MirrorJob job(String keys, Until until) {
    Launch launch = Preparation.prepare(SpecReader.read(spec(keys)), SecretSource.ofProcess());
    return new MirrorJob(launch, settings(until));
  }

  private String spec(String keys) {
    boolean anew = keys.endsWith("on-history-lost");
    return
    // So that nothing from before the start is read from the topic.
    head(", overlap: 1ms", anew ? "on-history-lost: snapshot" : "")
        + """
              - name: items
                source: %s
                snapshot: PUBLIC.ITEMS
                format: json
                primary-key: [id]
                schema: { id: long, v: long, name: string }
            """
            .formatted(topic)
        + keys.replace("on-history-lost", "");
  }

  private static JobSettings settings(Until until) {
    return JobSettings.of(until).withSource(SourceSettings.of(until).withChunkRows(500));
  }

  private void run(String keys, String mode) throws Exception {
    assertThat(result(keys, mode).getSerializedThrowable()).isEmpty();
  }

  private JobResult result(String keys, String mode) throws Exception {
    Configuration settings = Cluster.settings();
    settings.setString("execution.runtime-mode", mode);
    return cluster.result(cluster.submit(job(keys, Until.NOW), settings));
  }

  private static String failure(JobResult result) {
    return result.getSerializedThrowable().orElseThrow().getFullStringifiedStackTrace();
  }

  private void awaitEqual() throws SQLException {
    Map<Long, String> expected = rows();
    Awaitility.await()
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(lakeRows()).isEqualTo(expected);
              assertThat(position()).isNotEmpty();
            });
  }

  private Map<Long, String> rows() throws SQLException {
    Map<Long, String> rows = new TreeMap<>();
    try (Statement statement = database.createStatement();
        ResultSet results = statement.executeQuery("SELECT \"id\", \"v\", \"name\" FROM ITEMS")) {
      while (results.next()) {
        rows.put(results.getLong(1), results.getLong(2) + " " + results.getString(3));
      }
    }
    return rows;
  }

  private Map<Long, String> lakeRows() {
    Map<Long, String> rows = new TreeMap<>();
    try (Lake lake = new Lake(directory)) {
      for (Record row : lake.records("items")) {
        String twin =
            rows.put((Long) row.getField("id"), row.getField("v") + " " + row.getField("name"));
        assertThat(twin).as("another row of %s", row.getField("id")).isNull();
      }
    }
    return rows;
  }

  private String position() {
    try (Lake lake = new Lake(directory)) {
      return lake.table("items").properties().getOrDefault("data-mirror.position", "");
    }
  }
}
