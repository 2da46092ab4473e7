package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TestMirror;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.publish.FoldedTopic;
import io.datamirror.publish.ImpatientPublishing;
import io.datamirror.publish.PublishedUpTo;
import io.datamirror.publish.Publisher;
import io.datamirror.publish.Publishing;
import io.datamirror.publish.TopicState;
import io.datamirror.spec.Cardinality;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.PublishSpec;
import io.datamirror.spec.PublishStyle;
import io.datamirror.spec.PublishTarget;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import io.datamirror.testkit.EmbeddedKafka;
import io.datamirror.verify.Moments;
import io.datamirror.verify.Relations;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is committed to a real lake is in the topics of a real broker once, however it got there.
 */
class PublishingIT {

  @TempDir private static Path broker;
  private static EmbeddedKafka kafka;

  @TempDir private Path directory;
  private final TablePlan table = TestMirror.table("t");
  private String prefix;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(broker);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void prefix(TestInfo test) {
    prefix = test.getTestMethod().orElseThrow().getName() + ".";
  }

  private MirrorPlan plan(TestLake lake, PublishStyle style) {
    PublishSpec publish =
        new PublishSpec(
            PublishTarget.KAFKA,
            SecretText.of(kafka.servers()),
            style,
            prefix,
            Map.of(),
            prefix + "ledger",
            Map.of());
    MirrorSpec spec = lake.plan.spec();
    return new MirrorPlan(
        new MirrorSpec(spec.mirror(), spec.source(), spec.lake(), publish, spec.tables()),
        lake.plan.tables(),
        lake.plan.generation());
  }

  private Publisher publisher(TestLake lake, PublishStyle style) {
    return Publishing.start(
        plan(lake, style), lake.catalog, SecretSource.ofProcess(), failure -> {});
  }

  private Publisher publisher(TestLake lake) {
    return publisher(lake, PublishStyle.DEBEZIUM);
  }

  /** Publishes what the lake holds, as a job does that ends. */
  private void publish(TestLake lake) throws InterruptedException {
    publish(lake, PublishStyle.DEBEZIUM);
  }

  private void publish(TestLake lake, PublishStyle style) throws InterruptedException {
    try (Publisher publisher = publisher(lake, style)) {
      publisher.drain();
    }
  }

  private FoldedTopic topic() throws Exception {
    return FoldedTopic.read(kafka, prefix + "t");
  }

  /** The topic as {@link TestLake#texts} shows the lake. */
  private Map<Long, String> texts() throws Exception {
    Map<Long, String> texts = new TreeMap<>();
    topic()
        .rows()
        .values()
        .forEach(
            row ->
                texts.put(
                    row.get("id").asLong(),
                    row.get("version").asText() + ":" + row.get("text").asText()));
    return texts;
  }

  @Test
  void creations_updates_and_deletes_of_every_epoch_are_told_apart() throws Exception {
    try (TestLake lake = new TestLake(directory, table);
        Publisher publisher = publisher(lake)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      publisher.committed("t");
      lake.upsert("t", 1, 2, "b", "one'");
      lake.delete("t", 2, 2);
      lake.commit(lake.epoch("p2"));
      lake.upsert("t", 2, 3, "a", "two again");
      lake.commit(lake.epoch("p3"));
      publisher.committed("t");
      publisher.drain();
      assertThat(topic().log())
          .containsExactlyInAnyOrder(
              "c {\"id\":1}",
              "c {\"id\":2}",
              "u {\"id\":1}",
              "d {\"id\":2}",
              "- {\"id\":2}",
              "c {\"id\":2}");
      assertThat(topic().epochsRise()).isTrue();
      assertThat(texts()).isEqualTo(lake.texts("t"));
    }
  }

  @Test
  void upserts_are_rows_and_deletes_are_records_without_a_value() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, null, "two");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 1, 2, "b", "one'");
      lake.delete("t", 2, 2);
      lake.commit(lake.epoch("p2"));
      publish(lake, PublishStyle.UPSERT);
      assertThat(topic().log())
          .containsExactlyInAnyOrder(
              "+ {\"id\":1}", "+ {\"id\":2}", "+ {\"id\":1}", "- {\"id\":2}");
      assertThat(topic().rows().get("{\"id\":1}"))
          .hasToString("{\"id\":1,\"version\":2,\"place\":\"b\",\"text\":\"one'\"}");
      assertThat(texts()).isEqualTo(lake.texts("t"));
    }
  }

  @Test
  void an_epoch_that_the_lake_has_and_kafka_has_not_is_published_by_the_next_start()
      throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      publish(lake);
      lake.upsert("t", 2, 1, "a", "committed, and the job died");
      lake.commit(lake.epoch("p2"));
    }
    try (TestLake again = new TestLake(directory, table)) {
      publish(again);
      publish(again);
      assertThat(topic().log()).containsExactlyInAnyOrder("c {\"id\":1}", "c {\"id\":2}");
      assertThat(texts()).isEqualTo(again.texts("t"));
    }
  }

  @Test
  void what_a_dead_publisher_left_open_is_never_seen() throws Exception {
    try (TestLake lake = new TestLake(directory, table);
        KafkaProducer<byte[], byte[]> dead =
            kafka.producer(
                Map.of("transactional.id", "data-mirror." + prefix + "mirror_published"))) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      publish(lake);
      dead.initTransactions();
      dead.beginTransaction();
      dead.send(new ProducerRecord<>(prefix + "t", bytes("{\"id\":1}"), null)).get();
      lake.upsert("t", 1, 2, "a", "one'");
      lake.commit(lake.epoch("p2"));
      publish(lake);
      assertThat(topic().log()).containsExactly("c {\"id\":1}", "u {\"id\":1}");
      assertThatThrownBy(dead::commitTransaction).isInstanceOf(ProducerFencedException.class);
    }
  }

  @Test
  void of_two_publishers_at_once_none_publishes_what_the_other_did() throws Exception {
    try (TestLake lake = new TestLake(directory, table);
        Publisher one = publisher(lake);
        Publisher two = publisher(lake)) {
      for (int id = 1; id <= 8; id++) {
        lake.upsert("t", id, 1, "a", "row");
        lake.commit(lake.epoch("p" + id));
        one.committed("t");
        two.committed("t");
      }
      one.drain();
      two.drain();
      assertThat(topic().log()).hasSize(8).doesNotHaveDuplicates();
      assertThat(texts()).isEqualTo(lake.texts("t"));
    }
  }

  @Test
  void a_start_that_was_overtaken_publishes_nothing_more() throws Exception {
    try (TestLake old = new TestLake(directory, table);
        TestLake newer = new TestLake(directory, table)) {
      newer.upsert("t", 1, 1, "a", "one");
      newer.commit(newer.epoch("p1"));
      assertThatThrownBy(() -> publish(old)).hasMessageContaining("MIRROR-3006");
      publish(newer);
      assertThat(texts()).isEqualTo(newer.texts("t"));
    }
  }

  @Test
  void a_topic_follows_a_lake_that_is_rolled_back() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      long good = lake.table("t").currentSnapshot().snapshotId();
      lake.upsert("t", 1, 2, "a", "one'");
      lake.delete("t", 2, 2);
      lake.upsert("t", 3, 1, "a", "three");
      lake.commit(lake.epoch("p2"));
      publish(lake);
      assertThat(texts()).containsOnlyKeys(1L, 3L);
      lake.table("t").manageSnapshots().rollbackTo(good).commit();
      publish(lake);
      assertThat(texts()).isEqualTo(Map.of(1L, "1:one", 2L, "1:two"));
    }
  }

  @Test
  void a_snapshot_that_changes_nothing_is_passed_without_reading_the_table() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      publish(lake);
      String before = states(lake).toString();
      try (CloseableIterable<FileScanTask> tasks = lake.table("t").newScan().planFiles()) {
        for (FileScanTask task : tasks) {
          lake.table("t").io().deleteFile(task.file().location());
        }
      }
      lake.table("t").newFastAppend().commit();
      publish(lake);
      assertThat(texts()).isEqualTo(Map.of(1L, "1:one"));
      assertThat(states(lake)).hasToString(before);
    }
  }

  @Test
  void rows_that_somebody_else_removes_are_removed() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      publish(lake);
      lake.table("t").newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
      publish(lake);
      assertThat(texts()).isEmpty();
      assertThat(states(lake))
          .as("somebody else is no epoch")
          .containsExactly("1 PUBLISHED", "0 WAITING");
    }
  }

  @Test
  void rows_that_somebody_else_removes_by_their_places_are_not_passed_over() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      publish(lake);
      removeFirstRow(lake.table("t"));
      expire(lake.table("t"));
      assertThatThrownBy(() -> publish(lake))
          .hasMessageContaining("MIRROR-3052")
          .hasMessageContaining(
              "rows were removed by their places from a snapshot of it that has expired");
    }
  }

  private static void removeFirstRow(Table table) throws Exception {
    DataFile file;
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      file = tasks.iterator().next().file();
    }
    PositionDeleteWriter<Void> writer =
        Parquet.writeDeletes(
                table
                    .io()
                    .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet"))
            .withSpec(table.spec())
            .withPartition(file.partition())
            .overwrite()
            .buildPositionWriter();
    try (writer) {
      writer.write(PositionDelete.<Void>create().set(file.location(), 0L));
    }
    table.newRowDelta().addDeletes(writer.toDeleteFile()).commit();
  }

  @Test
  void a_table_with_a_past_that_has_expired_begins_with_its_rows() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 1, 2, "a", "one'");
      lake.commit(lake.epoch("p2"));
      expire(lake.table("t"));
      publish(lake);
      assertThat(topic().log()).containsExactly("r {\"id\":1}");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p3"));
      lake.upsert("t", 3, 1, "a", "three");
      lake.commit(lake.epoch("p4"));
      expire(lake.table("t"));
      assertThatThrownBy(() -> publish(lake))
          .hasMessageContaining("MIRROR-3052")
          .hasMessageContaining("snapshots of t after epoch 2 have expired");
      delete(prefix + "t");
      publish(lake);
      assertThat(texts()).isEqualTo(lake.texts("t"));
    }
  }

  @Test
  void a_table_at_rest_that_is_merged_is_not_cut_off_when_its_snapshots_expire() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      try (Publisher publisher =
          ImpatientPublishing.looking(
              plan(lake, PublishStyle.DEBEZIUM), lake.catalog, Duration.ofMillis(100))) {
        publisher.drain();
        merge(lake.table("t"));
        merge(lake.table("t"));
        long merged = lake.table("t").currentSnapshot().snapshotId();
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> PublishedUpTo.snapshot(kafka, control(), prefix + "t") == merged);
        Map<Integer, Long> written = kafka.ends(control(), IsolationLevel.READ_UNCOMMITTED);
        publisher.drain();
        publisher.drain();
        assertThat(kafka.ends(control(), IsolationLevel.READ_UNCOMMITTED))
            .as("looks that find nothing write nothing")
            .isEqualTo(written);
      }
      expire(lake.table("t"));
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p2"));
      publish(lake);
      assertThat(topic().log()).containsExactlyInAnyOrder("c {\"id\":1}", "c {\"id\":2}");
      assertThat(states(lake)).containsExactly("2 PUBLISHED", "0 WAITING");
    }
  }

  private String control() {
    return prefix + "mirror_published";
  }

  /** Replaces the one file that a table has by another of the same rows. */
  private static void merge(Table table) throws Exception {
    DataFile file;
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      file = tasks.iterator().next().file();
    }
    String copy = file.location() + ".merged.parquet";
    Files.copy(Path.of(URI.create(file.location())), Path.of(URI.create(copy)));
    table
        .newRewrite()
        .deleteFile(file)
        .addFile(DataFiles.builder(table.spec()).copy(file).withPath(copy).build())
        .dataSequenceNumber(table.currentSnapshot().sequenceNumber())
        .commit();
  }

  private static void expire(Table table) {
    table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
  }

  private static void delete(String topic) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !admin.listTopics().names().get().contains(topic));
    }
  }

  @Test
  void a_topic_that_holds_what_others_wrote_is_refused() throws Exception {
    kafka.createTopic(prefix + "t", 1);
    try (TestLake lake = new TestLake(directory, table);
        KafkaProducer<byte[], byte[]> other = kafka.producer(Map.of())) {
      other.send(new ProducerRecord<>(prefix + "t", bytes("1"), bytes("mine"))).get();
      assertThatThrownBy(() -> publish(lake))
          .hasMessageContaining("MIRROR-3051")
          .hasMessageContaining("nothing says that this mirror wrote them");
    }
  }

  @Test
  void the_ledger_is_published_and_what_is_undone_there_is_taken_back() throws Exception {
    try (TestLake lake = new TestLake(directory, table)) {
      lake.reject("t", entry("first"));
      lake.reject("t", entry("second"));
      lake.commit(lake.epoch("p1"));
      publish(lake);
      assertThat(ledger()).containsExactlyInAnyOrder("first", "second");
      lake.reject("t", entry("of an epoch that the table does not have"));
      lake.commit(
          lake.epoch("p2").stream()
              .filter(part -> part.table() == OwnTable.LEDGER.number())
              .toList());
      publish(lake);
      assertThat(ledger()).hasSize(3);
    }
    try (TestLake again = new TestLake(directory, table)) {
      publish(again);
      assertThat(ledger()).containsExactlyInAnyOrder("first", "second");
    }
  }

  @Test
  void orphans_are_published_when_they_are_found() throws Exception {
    TablePlan children = RelationWatchTest.children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, RelationWatchTest.PARENTS, children);
        Publisher publisher = publisher(lake);
        RelationWatch watch =
            new RelationWatch(lake.plan, publisher::committed, Duration.ofMillis(1))) {
      publisher.drain();
      lake.upsert("children", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      new Relations(lake.catalog, "mirror", Moments.Age.NEWEST)
          .check(
              RelationWatchTest.reference(children),
              new Moments(lake.catalog, List.of("parents", "children")).latest(),
              orphan -> {},
              rows -> {});
      publisher.committed("children");
      awaitEntries(1);

      lake.upsert("children", 2, 1, "a", "two");
      lake.commit(lake.epoch("p2"));
      watch.committed("children");
      awaitEntries(2);
      assertThat(states(lake)).last().as("the ledger").isEqualTo("0 PUBLISHED");
    }
  }

  private void awaitEntries(int count) {
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> ledger().size() == count);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void a_table_that_cannot_be_published_is_given_up_although_the_others_can() throws Exception {
    TablePlan other = TestMirror.table("u");
    try (TestLake lake = new TestLake(directory, table, other)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("u", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      Table broken = lake.table("t");
      broken
          .currentSnapshot()
          .addedDataFiles(broken.io())
          .forEach(file -> broken.io().deleteFile(file.location()));
      try (Publisher publisher =
          ImpatientPublishing.start(
              plan(lake, PublishStyle.DEBEZIUM), lake.catalog, Duration.ofSeconds(1))) {
        assertThatThrownBy(publisher::drain)
            .hasMessageContaining("MIRROR-3050 " + prefix + "t: what is in the lake could not be");
      }
      assertThat(FoldedTopic.read(kafka, prefix + "u").log()).containsExactly("c {\"id\":1}");
    }
  }

  @Test
  void a_topic_of_an_earlier_lake_is_not_taken_for_one_of_a_newer_job() throws Exception {
    Path earlier = directory.resolve("earlier");
    new TestLake(earlier, table).close();
    try (TestLake lake = new TestLake(earlier, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      publish(lake);
      assertThat(problems(lake)).isEmpty();
    }
    String expected = "the topic holds a table t that is not in the lake any more";
    try (TestLake lake = new TestLake(directory.resolve("without"), TestMirror.table("u"))) {
      MirrorSpec other = plan(lake, PublishStyle.DEBEZIUM).spec();
      MirrorSpec again =
          new MirrorSpec(
              other.mirror(), other.source(), other.lake(), other.publish(), List.of(table.spec()));
      assertThat(problems(again)).first().asString().contains("MIRROR-3051", expected);
    }
    try (TestLake lake = new TestLake(directory.resolve("later"), table)) {
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      assertThatThrownBy(() -> publish(lake))
          .hasMessageContaining("MIRROR-3051")
          .hasMessageContaining(expected);
      assertThat(problems(lake)).first().asString().contains("MIRROR-3051", expected);
    }
  }

  /** Of each topic, the epoch and the stage. */
  private List<String> states(TestLake lake) {
    MirrorSpec spec = plan(lake, PublishStyle.DEBEZIUM).spec();
    return TopicState.all(spec, SecretSource.ofProcess()).stream()
        .map(topic -> topic.epoch() + " " + topic.stage())
        .toList();
  }

  private List<String> problems(TestLake lake) {
    return problems(plan(lake, PublishStyle.DEBEZIUM).spec());
  }

  private static List<String> problems(MirrorSpec spec) {
    return TopicState.all(spec, SecretSource.ofProcess()).stream()
        .filter(topic -> topic.problem() != null)
        .map(topic -> topic.problem().text())
        .toList();
  }

  @Test
  void the_topic_of_marks_is_made_so_that_old_marks_go_soon() throws Exception {
    try (TestLake lake = new TestLake(directory, table);
        Admin admin = kafka.admin()) {
      publish(lake);
      ConfigResource control =
          new ConfigResource(ConfigResource.Type.TOPIC, prefix + "mirror_published");
      Config config = admin.describeConfigs(List.of(control)).all().get().get(control);
      assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
      assertThat(config.get("segment.ms").value()).isEqualTo("3600000");
      assertThat(config.get("segment.bytes").value()).isEqualTo("52428800");
      assertThat(config.get("min.cleanable.dirty.ratio").value()).isEqualTo("0.1");
    }
  }

  private List<String> ledger() throws Exception {
    return FoldedTopic.read(kafka, prefix + "ledger").rows().values().stream()
        .map(entry -> entry.get("error").asText())
        .toList();
  }

  private static LedgerEntry entry(String error) {
    return new LedgerEntry("t", LedgerReason.NULL_KEY, null, null, null, null, "{}", error);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
