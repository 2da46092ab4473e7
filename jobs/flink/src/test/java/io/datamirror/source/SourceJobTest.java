package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.KeyId;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Identity;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.resolve.Memory;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecordSerializer;
import io.datamirror.stream.SerializedType;
import io.datamirror.testkit.FaultPlan;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SourceJobTest {

  private static final TypeInformation<MirrorRecord> RECORDS =
      new SerializedType<>(MirrorRecord.class, MirrorRecordSerializer.INSTANCE);

  private static MiniCluster cluster;

  @TempDir private Path directory;
  private final String name = UUID.randomUUID().toString();
  private final FakeWarehouse warehouse = FakeWarehouse.create(name);
  private final Collector.Told told = Collector.told(name);
  private RecallPlanner lake = table -> LakeStart.NOTHING;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .withRandomPorts()
                .build());
    cluster.start();
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  /** A job may take long to start where others work too. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofMinutes(1));
  }

  private static SourceSettings untilNow() {
    return SourceSettings.of(Until.NOW).withChunkRows(500).withBatchRows(50);
  }

  private StreamExecutionEnvironment job(
      MirrorPlan plan, SourceSettings settings, int parallelism) {
    return job(plan, settings, warehouse.connections(), configuration(), parallelism);
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 5);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    return configuration;
  }

  private StreamExecutionEnvironment job(
      MirrorPlan plan,
      SourceSettings settings,
      SourceConnections connections,
      Configuration configuration,
      int parallelism) {
    StreamExecutionEnvironment env =
        new TestStreamEnvironment(cluster, configuration, parallelism, List.of(), List.of());
    env.enableCheckpointing(50);
    var source = new MirrorSource(plan, settings, connections, lake, new CountingRecaller());
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "read", RECORDS)
        .uid("read")
        .process(new FailingOnce(name), RECORDS)
        .global()
        .transform("collect", Types.STRING, new Collector(name))
        .uid("collect")
        .setParallelism(1)
        .print()
        .setParallelism(1);
    return env;
  }

  private List<String> changes(MirrorPlan plan, String table, long from, long to) {
    int number =
        plan.tables().stream().filter(t -> t.name().equals(table)).findFirst().get().number();
    return LongStream.rangeClosed(from, to)
        .mapToObj(id -> "change " + number + " " + id + " n" + id)
        .toList();
  }

  @Test
  void two_tables_are_read_to_the_end_each_change_once_though_a_task_fails() throws Exception {
    warehouse.append("a", 3_000);
    warehouse.append("b", 1_200);
    warehouse.table("a").gate = told.firstCheckpoint;
    warehouse.table("a").gateAt = 700;
    told.failures.set(1);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a", "b");

    job(plan, untilNow(), 2).execute();

    assertThat(told.failures.get()).as("failures left").isLessThan(1);
    assertThat(told.records)
        .filteredOn(text -> text.startsWith("change"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    changes(plan, "a", 1, 3_000).stream(), changes(plan, "b", 1, 1_200).stream())
                .toList());
    assertThat(told.records)
        .filteredOn(text -> text.startsWith("progress"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    progress(plan, 0, 6, "3000").stream(), progress(plan, 1, 3, "1200").stream())
                .toList());
    assertThat(warehouse.mostConnections.get())
        .as("one for each reader, and one for each table's planning")
        .isLessThanOrEqualTo(4);
    await().untilAsserted(() -> assertThat(warehouse.openConnections.get()).isZero());
  }

  private static List<String> progress(MirrorPlan plan, int table, int chunks, String position) {
    List<String> texts = new ArrayList<>();
    int number = plan.tables().get(table).number();
    for (int i = 0; i < chunks; i++) {
      for (String step : List.of("BEGUN", "DONE")) {
        texts.add("progress " + number + " 1 " + i + "/" + chunks + " " + step + " " + position);
      }
    }
    return texts;
  }

  @Test
  void the_same_in_batch() throws Exception {
    warehouse.append("a", 1_000);
    warehouse.append("b", 100);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a", "b");
    StreamExecutionEnvironment env =
        job(plan, untilNow().withRecalled(SourceSettings.Recalled.AT_ONCE), 2);
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);

    env.execute();

    assertThat(told.records).filteredOn(text -> text.startsWith("change")).hasSize(1_100);
    assertThat(told.records).filteredOn(text -> text.startsWith("progress")).hasSize(6);
  }

  @Test
  void in_batch_a_task_that_fails_reads_all_of_its_splits_again() throws Exception {
    warehouse.append("a", 3_000);
    warehouse.append("b", 1_200);
    told.failuresAtSource.set(1);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a", "b");
    StreamExecutionEnvironment env =
        job(plan, untilNow().withRecalled(SourceSettings.Recalled.AT_ONCE), 2);
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);

    env.execute();

    assertThat(told.failuresAtSource.get()).as("failures left").isLessThan(1);
    assertThat(told.records)
        .filteredOn(text -> text.startsWith("change"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    changes(plan, "a", 1, 3_000).stream(), changes(plan, "b", 1, 1_200).stream())
                .toList());
  }

  @Test
  void the_real_feeds_over_h2_bring_each_change_once_though_tasks_fail() throws Exception {
    told.failures.set(2);
    try (H2Warehouse h2 = new H2Warehouse().changeTable("A", 10_000).changeTable("B", 3_000)) {
      MirrorPlan plan = h2.plan(h2.url(), "A", "B");
      SourceConnections connections = SourceConnections.to(plan.spec().source());

      job(plan, untilNow().withChunkRows(50), connections, configuration(), 2).execute();

      assertThat(told.failures.get()).as("failures left").isLessThan(2);
      assertThat(told.records)
          .filteredOn(text -> text.startsWith("change"))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      changes(plan, "a", 1, 10_000).stream(), changes(plan, "b", 1, 3_000).stream())
                  .toList());
    }
  }

  @Test
  void a_savepoint_inside_a_chunk_goes_on_with_another_parallelism() throws Exception {
    warehouse.append("a", 3_000);
    warehouse.append("b", 1_200);
    warehouse.table("a").gate = new CountDownLatch(1);
    warehouse.table("a").gateAt = 700;
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a", "b");
    SourceSettings forever = SourceSettings.of(Until.STOPPED).withChunkRows(500).withBatchRows(50);
    JobClient client = job(plan, forever, 2).executeAsync();
    assertThat(told.firstCheckpoint.await(60, TimeUnit.SECONDS)).isTrue();
    String savepoint =
        client
            .stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    warehouse.append("b", 300);
    warehouse.table("a").gate.countDown();
    told.records.clear();

    Configuration configuration = configuration();
    configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    MirrorPlan next = TestPlans.nextStart(plan);
    job(next, untilNow(), warehouse.connections(), configuration, 3).execute();

    assertThat(told.records)
        .filteredOn(text -> text.startsWith("change"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    changes(plan, "a", 1, 3_000).stream(), changes(plan, "b", 1, 1_500).stream())
                .toList());
    assertThat(told.records).filteredOn(text -> text.contains("progress")).doesNotHaveDuplicates();
    assertThat(warehouse.table("a").continuations)
        .as("both starts ask, and each reader that has a part of the window")
        .hasSizeGreaterThan(2);
  }

  /** Flink fails a task, and with it the job, that has ended when it is told something. */
  @Test
  void nothing_is_said_to_tasks_that_end_after_a_savepoint() throws Exception {
    MirrorPlan plan = TestPlans.polling(TestPlans.plan(warehouse, 0, "a"), Duration.ofMillis(1));
    warehouse.append("a", 10);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (LateEnds ends = LateEnds.of("Source: read", 300)) {
      // Every look at the source brings another watermark.
      var unused =
          clock.scheduleAtFixedRate(
              warehouse.clockMillis::incrementAndGet, 0, 5, TimeUnit.MILLISECONDS);
      JobClient client = job(plan, SourceSettings.of(Until.STOPPED), 2).executeAsync();
      assertThat(told.firstCheckpoint.await(30, TimeUnit.SECONDS)).isTrue();
      Awaitility.await().until(() -> told.watermarks.size() > 5);

      String savepoint =
          client
              .stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
              .get();

      assertThat(Path.of(URI.create(savepoint))).isDirectory();
      assertThat(ends.held()).isEqualTo(2);
    } finally {
      clock.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "open"})
  void a_source_that_stays_away_has_the_job_restarted_until_it_is_back(String call)
      throws Exception {
    warehouse.append("a", 100);
    for (int i = 0; i < 4; i++) {
      warehouse.failNext(call, new SQLTransientException("gone", "08006"));
    }
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    SourceSettings impatient = SourceSettings.of(Until.STOPPED).withRetryLimit(Duration.ZERO);
    JobClient client = job(plan, impatient, 1).executeAsync();
    try {
      assertThat(told.firstCheckpoint.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(warehouse.faultsLeft()).isZero();
    } finally {
      client.cancel().get();
    }
  }

  @Test
  void a_task_that_is_started_again_goes_on_with_credentials_that_worked() throws Exception {
    warehouse.append("a", 100);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    SourceConnections counted = new CountedConnections(warehouse.connections());
    CountedConnections.GOING_ON.set(0);
    job(plan, untilNow(), counted, configuration(), 1).execute();
    assertThat(CountedConnections.GOING_ON).as("in a job without a restart").hasValue(0);

    for (int i = 0; i < 4; i++) {
      warehouse.failNext("open", new SQLTransientException("gone", "08006"));
    }
    SourceSettings impatient = SourceSettings.of(Until.STOPPED).withRetryLimit(Duration.ZERO);
    JobClient client = job(plan, impatient, counted, configuration(), 1).executeAsync();
    try {
      await().until(() -> CountedConnections.GOING_ON.get() > 0);
    } finally {
      client.cancel().get();
    }
  }

  @Test
  void a_cancel_ends_a_hanging_plan_within_five_seconds() throws Exception {
    FaultPlan faults = FaultPlan.create();
    try (H2Warehouse h2 = new H2Warehouse().changeTable("A", 10)) {
      MirrorPlan plan = h2.plan(faults.url(h2.url()), "A");
      faults.failAt(FaultPlan.Point.EXECUTE, FaultPlan.Kind.HANG, 2);
      SourceConnections connections = SourceConnections.to(plan.spec().source());
      JobClient client =
          job(plan, SourceSettings.of(Until.STOPPED), connections, configuration(), 1)
              .executeAsync();
      await().until(faults::fired);

      assertThat(cancelled(client)).isLessThan(Duration.ofSeconds(5));
    }
  }

  /** How long it takes to cancel a job. */
  private static Duration cancelled(JobClient client) throws Exception {
    long start = System.nanoTime();
    client.cancel().get();
    assertThatThrownBy(() -> client.getJobExecutionResult().get())
        .hasRootCauseInstanceOf(JobCancellationException.class);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void what_the_lake_knows_comes_before_every_change() throws Exception {
    warehouse.append("a", 100);
    lake =
        table ->
            new LakeStart(
                Optional.of(ScheduleRun.at(40)),
                Identity.UNKNOWN,
                Long.MIN_VALUE,
                List.of(new byte[] {120}, new byte[] {7}));
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");

    job(plan, untilNow(), 2).execute();

    assertThat(told.records).hasSize(127 + 60 + 2);
    assertThat(told.records.subList(0, 127)).allMatch(text -> text.startsWith("recall"));
    assertThat(told.records.subList(127, 189)).containsAll(changes(plan, "a", 41, 100));
  }

  /** Recalls as many keys as the task's one byte says. */
  private record CountingRecaller() implements Recaller {
    @Override
    public Recaller.Reading open(io.datamirror.plan.TablePlan table, byte[] task, long skip) {
      return new Recaller.Reading() {
        private long next = skip;

        @Override
        public List<MirrorRecord.Recall> next(int max) {
          List<MirrorRecord.Recall> keys = new ArrayList<>();
          while (keys.size() < max && next < task[0]) {
            KeyId key = new KeyId(table.number(), next++, task[0]);
            keys.add(new MirrorRecord.Recall(key, Memory.tombstone(new byte[0], 0)));
          }
          return keys;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Recaller.Rows openRows(
        io.datamirror.plan.TablePlan table, byte[] task, OptionalLong order) {
      throw new AssertionError("no base table is read anew");
    }
  }

  @Test
  void a_source_that_fails_in_passing_is_asked_again_without_a_restart() throws Exception {
    warehouse.append("a", 1_000);
    for (String call : List.of("connect", "head", "nextWindow", "chunks", "open", "read")) {
      warehouse.failNext(call, new SQLTransientException("gone", "08006"));
    }
    warehouse.failNext("read", new IllegalStateException("a driver's whim"));
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");

    StreamExecutionEnvironment env = job(plan, untilNow(), 1);
    env.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable"));
    env.execute();

    assertThat(warehouse.faultsLeft()).isZero();
    assertThat(told.records)
        .filteredOn(text -> text.startsWith("change"))
        .containsExactlyInAnyOrderElementsOf(changes(plan, "a", 1, 1_000));
  }

  @Test
  void an_error_that_stays_ends_the_job_with_its_name_and_without_a_restart() {
    warehouse.append("a", 10);
    warehouse.failNext("open", new SQLSyntaxErrorException("Column \"X\" secret", "42S22"));
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");

    assertThatThrownBy(() -> job(plan, untilNow(), 1).execute())
        .satisfies(
            failure ->
                assertThat(ExceptionUtils.findThrowable(failure, MirrorException.class))
                    .get()
                    .extracting(MirrorException::code)
                    .isEqualTo(ErrorCode.COLUMN_VANISHED))
        .satisfies(
            failure ->
                assertThat(ExceptionUtils.stringifyException(failure)).doesNotContain("secret"));
  }

  @Test
  void a_planning_error_that_stays_ends_the_job_with_its_name() {
    warehouse.append("a", 10);
    warehouse.failNext("head", new SQLException("who knows", "XX000"));
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");

    assertThatThrownBy(() -> job(plan, untilNow(), 1).execute())
        .satisfies(
            failure ->
                assertThat(ExceptionUtils.findThrowable(failure, MirrorException.class))
                    .get()
                    .extracting(MirrorException::code)
                    .isEqualTo(ErrorCode.QUERY_FAILED));
  }

  @Test
  void idle_tables_advance_the_watermark_of_a_continuous_mirror() throws Exception {
    warehouse.append("a", 10);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a", "idle");
    JobClient client = job(plan, SourceSettings.of(Until.STOPPED), 2).executeAsync();
    try {
      await().untilAsserted(() -> assertThat(told.watermarks).contains(1_000_000L));
    } finally {
      client.cancel().get();
    }
  }

  @Test
  void a_cancel_ends_a_hanging_query_within_five_seconds() throws Exception {
    warehouse.append("a", 10);
    CountDownLatch hanging = new CountDownLatch(1);
    warehouse.table("a").hang = hanging;
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    JobClient client = job(plan, SourceSettings.of(Until.STOPPED), 1).executeAsync();
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(cancelled(client)).isLessThan(Duration.ofSeconds(5));
    await().untilAsserted(() -> assertThat(warehouse.openConnections.get()).isZero());
  }

  @Test
  void rows_that_cannot_be_applied_are_handed_on_and_counted() throws Exception {
    warehouse.append("a", 3);
    warehouse.table("a").rows.add(new FakeWarehouse.Row(4, 4, 4, "bad", 0));
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");

    job(plan, untilNow(), 1).execute();

    assertThat(told.records)
        .filteredOn(text -> text.startsWith("reject"))
        .containsExactly("reject bad note");
    assertThat(SourceProgress.of(name).tables())
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.rows()).isEqualTo(4);
              assertThat(table.position()).isEqualTo("4");
              assertThat(table.window()).isEqualTo(1);
            });
  }
}
