package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.commit.Committing;
import io.datamirror.commit.FirstEpoch;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Position;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.MirrorWrites;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.RowBuffer;
import io.datamirror.lake.Takeover;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Memory;
import io.datamirror.source.LakeStart;
import io.datamirror.source.RecallPlanner;
import io.datamirror.source.Recaller;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.SecretText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JobRecallTest {

  private static final TablePlan T = TestMirror.table("t");
  private static final TablePlan OTHER = TestMirror.table("other");

  @TempDir Path directory;
  private LakeCatalog catalog;
  private Generations.Start start;

  @BeforeEach
  void start() {
    catalog = TestMirror.catalog(directory);
    start =
        Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(T, OTHER), Takeover.From.LAKE);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private JobRecall attempt() {
    return new JobRecall(TestMirror.lake(directory), start.generation());
  }

  @Test
  void a_batch_that_begins_anew_after_it_has_committed_ends_by_name() throws Exception {
    JobRecall batch = attempt().committingOnce(FirstEpoch.commitId("mirror", start));
    try (RecallPlanner first = batch.own();
        RecallPlanner second = batch.own();
        RecallPlanner ofStream = attempt()) {
      assertThat(first.start(T).position()).isEmpty();
      assertThat(second.start(T).position()).as("nothing was committed").isEmpty();

      commitRow(OTHER);

      assertThat(second.start(T).position()).as("it was not committed itself").isEmpty();
      assertThatThrownBy(() -> second.start(OTHER))
          .isInstanceOf(MirrorException.class)
          .hasMessage(
              "MIRROR-3040 other: the job was run again from its beginning, after it had committed"
                  + " to other. Start the mirror again: it goes on from what is in the lake.");
      assertThat(ofStream.start(OTHER).position()).contains(new Position("7"));
    }
  }

  @Test
  void so_does_one_that_had_only_come_to_its_tombstones() throws Exception {
    catalog
        .load(OwnTable.TOMBSTONES.tableName())
        .updateProperties()
        .set(LakeKeys.COMMIT_ID, FirstEpoch.commitId("mirror", start))
        .commit();
    try (RecallPlanner second =
        attempt().committingOnce(FirstEpoch.commitId("mirror", start)).own()) {
      assertThatThrownBy(() -> second.start(T))
          .hasMessageStartingWith("MIRROR-3040 t: ")
          .hasMessageContaining("committed to mirror_tombstones");
    }
  }

  @Test
  void all_parts_are_read_over_one_catalog_which_lives_as_long_as_they_do() throws Exception {
    commitRow(T);
    CountedCatalog.begin();
    JobRecall recall = new JobRecall(counted(), start.generation()).own();
    List<byte[]> parts = recall.start(T).recall();
    try (Recaller.Reading first = recall.open(T, parts.get(0), 0);
        Recaller.Reading second = recall.open(T, parts.get(0), 0)) {
      assertThat(first.next(10)).hasSize(1);
      recall.close();
      assertThat(CountedCatalog.OPEN).as("a part is still being read").hasValue(1);
      assertThat(second.next(10)).hasSize(1);
    }
    assertThat(CountedCatalog.OPEN).hasValue(0);
    assertThat(CountedCatalog.OPENED).hasValue(1);
  }

  @Test
  void a_catalog_that_failed_is_closed_and_the_next_question_opens_another() throws Exception {
    CountedCatalog.begin();
    JobRecall recall = new JobRecall(counted(), start.generation()).own();
    assertThat(recall.start(T).position()).isEmpty();
    recall.stopped(T, "a column is gone");
    assertThat(CountedCatalog.OPENED).as("for many questions").hasValue(1);

    CountedCatalog.expire();
    assertThatThrownBy(() -> recall.start(T))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-3001 t: the catalog refuses the credentials");
    assertThat(CountedCatalog.OPEN).hasValue(0);

    assertThat(recall.start(T).position()).isEmpty();
    recall.stopped(T, "");
    assertThat(CountedCatalog.OPENED).hasValue(2);
    assertThat(CountedCatalog.OPEN).hasValue(1);
    recall.close();
    assertThat(CountedCatalog.OPEN).hasValue(0);
  }

  @Test
  void a_part_that_is_being_read_keeps_its_catalog_when_another_use_of_it_fails() throws Exception {
    commitRow(T);
    CountedCatalog.begin();
    JobRecall recall = new JobRecall(counted(), start.generation()).own();
    List<byte[]> parts = recall.start(T).recall();
    try (Recaller.Reading part = recall.open(T, parts.get(0), 0)) {
      CountedCatalog.expire();
      assertThatThrownBy(() -> recall.open(T, parts.get(0), 0))
          .hasMessageStartingWith("MIRROR-3001 t: ");
      assertThat(CountedCatalog.OPEN).hasValue(1);
      try (Recaller.Rows rows = recall.openRows(T, parts.get(0), OptionalLong.empty())) {
        assertThat(rows.next(10)).hasSize(1);
        assertThat(CountedCatalog.OPEN).hasValue(2);
        recall.close();
      }
      assertThat(CountedCatalog.OPEN).hasValue(1);
      assertThat(part.next(10)).hasSize(1);
    }
    assertThat(CountedCatalog.OPEN).hasValue(0);
    assertThat(CountedCatalog.OPENED).hasValue(2);
  }

  @Test
  void a_part_that_cannot_be_read_is_opened_again_over_another_catalog() throws Exception {
    commitRow(T);
    CountedCatalog.begin();
    JobRecall recall = new JobRecall(counted(), start.generation()).own();
    List<byte[]> parts = recall.start(T).recall();
    try (Recaller.Reading part = recall.open(T, parts.get(0), 0)) {
      FaultyFiles.away = true;
      assertThatThrownBy(() -> part.next(10)).hasMessageStartingWith("MIRROR-3001 t: ");
      FaultyFiles.away = false;
      try (Recaller.Reading again = recall.open(T, parts.get(0), 0)) {
        assertThat(again.next(10)).hasSize(1);
      }
    }
    assertThat(CountedCatalog.OPENED).hasValue(2);
    recall.close();
    assertThat(CountedCatalog.OPEN).hasValue(0);
  }

  @Test
  void what_the_lake_says_on_purpose_costs_no_catalog() throws Exception {
    CountedCatalog.begin();
    try (JobRecall recall = new JobRecall(counted(), start.generation()).own()) {
      TablePlan missing = TestMirror.table("missing");
      assertThatThrownBy(() -> recall.start(missing))
          .hasMessageContaining(" missing: this table is not in the lake any more");
      assertThat(recall.start(T).position()).isEmpty();
    }
    assertThat(CountedCatalog.OPENED).hasValue(1);
    assertThat(CountedCatalog.OPEN).hasValue(0);
  }

  /**
   * Knows how many of it were opened, and are open. Those that are open when credentials expire
   * answer no more.
   */
  public static final class CountedCatalog extends JdbcCatalog {
    static final AtomicInteger OPENED = new AtomicInteger();
    static final AtomicInteger OPEN = new AtomicInteger();
    private static int expired;
    private int number;

    static void begin() {
      OPENED.set(0);
      OPEN.set(0);
      expired = 0;
    }

    static void expire() {
      expired = OPENED.get();
    }

    @Override
    public Table loadTable(TableIdentifier table) {
      if (number <= expired) {
        throw new NotAuthorizedException("the token has expired");
      }
      return super.loadTable(table);
    }

    @Override
    public void initialize(String name, Map<String, String> properties) {
      super.initialize(name, properties);
      number = OPENED.incrementAndGet();
      OPEN.incrementAndGet();
    }

    @Override
    public void close() {
      OPEN.decrementAndGet();
      super.close();
    }
  }

  /** Files in storage that may be out of reach. */
  public static final class FaultyFiles extends HadoopFileIO {
    static boolean away;

    @Override
    public InputFile newInputFile(String path) {
      requireThere();
      return super.newInputFile(path);
    }

    @Override
    public InputFile newInputFile(String path, long length) {
      requireThere();
      return super.newInputFile(path, length);
    }

    private static void requireThere() {
      if (away) {
        throw new RuntimeIOException(new IOException("made up"), "the storage is away");
      }
    }
  }

  private LakeSpec counted() {
    return in(CountedCatalog.class);
  }

  private LakeSpec in(Class<? extends JdbcCatalog> catalog) {
    LakeSpec lake = TestMirror.lake(directory);
    Map<String, SecretText> properties = new LinkedHashMap<>(lake.catalog());
    properties.remove("type");
    properties.put("catalog-impl", SecretText.of(catalog.getName()));
    properties.put("io-impl", SecretText.of(FaultyFiles.class.getName()));
    return new LakeSpec(properties, lake.namespace());
  }

  @Test
  @Timeout(60)
  void a_catalog_that_is_being_opened_and_does_not_answer_keeps_nobody_from_closing()
      throws Exception {
    SilentCatalog.asked = new CountDownLatch(1);
    SilentCatalog.answers = new CountDownLatch(1);
    JobRecall recall = new JobRecall(in(SilentCatalog.class), start.generation()).own();
    CompletableFuture<LakeStart> asking = CompletableFuture.supplyAsync(() -> recall.start(T));
    assertThat(SilentCatalog.asked.await(30, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(recall::close);

    assertThat(closing).succeedsWithin(Duration.ofSeconds(5));

    SilentCatalog.closed = new CountDownLatch(1);
    SilentCatalog.answers.countDown();
    assertThatThrownBy(asking::get).hasRootCauseMessage("the recall has ended");
    assertThat(SilentCatalog.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Answers when it is told to. */
  public static final class SilentCatalog extends JdbcCatalog {
    static CountDownLatch asked;
    static CountDownLatch answers;
    static CountDownLatch closed;

    @Override
    public void initialize(String name, Map<String, String> properties) {
      asked.countDown();
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      super.initialize(name, properties);
    }

    @Override
    public void close() {
      closed.countDown();
      super.close();
    }
  }

  /** One row is committed to a table, which is complete to 7 then. */
  private void commitRow(TablePlan table) throws InterruptedException {
    MirrorPlan plan =
        TestMirror.plan(TestMirror.lake(directory), start.generation(), List.of(table));
    RowBuffer row = new RowBuffer(table.layout().storedColumns());
    row.reset();
    row.writeLong(0, 1);
    row.writeLong(1, 1);
    try (MirrorWrites writes = new MirrorWrites(plan, TestMirror.catalog(directory), 0, 0)) {
      writes.insert(table.number(), row.take(), Memory.NO_PARTITION);
      Committing.commit(
          catalog,
          plan,
          start.lastEpoch() + 1,
          writes.drain(Map.of(), number -> Long.MIN_VALUE),
          "7");
    }
  }

  private String told() {
    return catalog.load("t").properties().get(LakeKeys.STOPPED);
  }

  @Test
  void a_table_that_goes_on_after_a_restart_of_the_job_is_not_called_stopped_for_ever() {
    try (JobRecall first = attempt()) {
      first.stopped(T, "a column is gone");
    }
    assertThat(told()).isEqualTo("a column is gone");
    try (JobRecall second = attempt()) {
      second.stopped(T, "");
      assertThat(told()).isNull();
    }
  }

  @Test
  void the_newest_reason_counts() {
    try (JobRecall recall = attempt()) {
      recall.stopped(T, "a column is gone");
      recall.stopped(T, "the table is gone");
      assertThat(told()).isEqualTo("the table is gone");
    }
  }

  @Test
  void an_attempt_that_has_ended_opens_nothing_and_leaves_the_next_one_alone() throws Exception {
    RecallPlanner job = attempt();
    RecallPlanner first = job.own();
    RecallPlanner second = job.own();
    assertThat(first.start(T)).isEqualTo(second.start(T));

    first.close();

    assertThatThrownBy(() -> first.start(T)).hasMessage("the recall has ended");
    assertThat(second.start(T).position()).isEmpty();
    second.close();
  }
}
