package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.commit.ProgressBoard.Phase;
import io.datamirror.commit.ProgressBoard.TableProgress;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.LakeRows;
import io.datamirror.lake.RestCatalogServer;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import io.datamirror.stream.MirrorRecord.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.util.SnapshotUtil;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CommitOperatorTest {

  private static final TablePlan T = TestMirror.table("t");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;
  private TestLake lake;

  @BeforeEach
  void open() throws Exception {
    lake = new TestLake(directory, T);
    ProgressBoard.of("mirror").start(List.of("t"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  /** The operator in a harness, fed with what a writer in a real lake wrote. */
  private final class Running implements AutoCloseable {
    final AbstractStreamOperatorTestHarness<Void> harness;
    private long window = 1;

    Running(Closing closing, OperatorSubtaskState state) throws Exception {
      this(closing, state, lake.plan, OnLakeAhead.REFUSE);
    }

    Running(Closing closing, OperatorSubtaskState state, MirrorPlan plan, OnLakeAhead policy)
        throws Exception {
      CommitOperatorFactory factory =
          new CommitOperatorFactory(
              plan, lake.start, closing, policy, new Patience(2_000, 1, 20), Reopening.BRIEF);
      harness = new AbstractStreamOperatorTestHarness<>(factory, 1, 1, 0);
      harness.setup();
      if (state == null) {
        harness.initializeEmptyState();
      } else {
        harness.initializeState(state);
      }
      harness.open();
    }

    private CommitOperator operator() {
      return (CommitOperator) harness.getOperator();
    }

    void flush() throws Exception {
      for (Part part : lake.flush()) {
        operator().processElement1(new StreamRecord<>(part));
      }
    }

    void window(String position) {
      for (Progress.Step step : Progress.Step.values()) {
        operator()
            .processElement2(
                new StreamRecord<>(new Progress(T.number(), step, window, 0, 1, position, 0)));
      }
      window++;
    }

    void end() throws Exception {
      operator().endInput(1);
      operator().endInput(2);
      operator().finish();
    }

    @Override
    public void close() throws Exception {
      harness.close();
    }
  }

  @Test
  void an_epoch_is_committed_when_its_checkpoint_is_complete_and_not_before() throws Exception {
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "one");
      job.flush();
      job.window("p1");
      job.harness.snapshot(1, 1);
      assertThat(lake.table("t").currentSnapshot()).isNull();
      job.harness.notifyOfCompletedCheckpoint(1);
      awaitTexts(Map.of(1L, "1:one"));
      // The lake has a commit a moment before the board.
      awaitCommits(1);
      TableProgress progress = progress();
      assertThat(progress.phase()).isEqualTo(Phase.COMPLETE);
      assertThat(progress.position()).isEqualTo("p1");
      assertThat(progress.counts().upserts()).isEqualTo(1);
    }
  }

  @Test
  void the_flushes_of_an_aborted_checkpoint_stay_batches_of_their_own() throws Exception {
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "first");
      job.flush();
      // Checkpoint 5 never reaches the committer; the writer flushes again for 6.
      lake.upsert("t", 1, 2, "a", "second");
      job.flush();
      job.harness.snapshot(6, 6);
      job.harness.notifyOfCompletedCheckpoint(6);
      awaitTexts(Map.of(1L, "2:second"));
    }
  }

  @Test
  void a_checkpoint_that_was_closed_and_aborted_is_committed_with_the_next() throws Exception {
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "first");
      job.flush();
      job.harness.snapshot(1, 1);
      lake.upsert("t", 1, 2, "a", "second");
      job.flush();
      job.harness.snapshot(2, 2);
      job.harness.notifyOfCompletedCheckpoint(2);
      awaitTexts(Map.of(1L, "2:second"));
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(SnapshotUtil.currentAncestorIds(lake.table("t"))).hasSize(2));
    }
  }

  @Test
  void what_was_not_committed_is_committed_after_a_restore() throws Exception {
    OperatorSubtaskState state;
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "one");
      job.flush();
      job.window("p1");
      state = job.harness.snapshot(1, 1);
    }
    assertThat(lake.table("t").currentSnapshot()).isNull();
    try (Running job = new Running(Closing.BY_CHECKPOINT, state)) {
      awaitTexts(Map.of(1L, "1:one"));
    }
  }

  @Test
  void what_was_committed_is_found_after_a_restore() throws Exception {
    OperatorSubtaskState state;
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "one");
      job.flush();
      state = job.harness.snapshot(1, 1);
      job.harness.notifyOfCompletedCheckpoint(1);
      awaitTexts(Map.of(1L, "1:one"));
    }
    try (Running job = new Running(Closing.BY_CHECKPOINT, state)) {
      lake.upsert("t", 2, 1, "a", "two");
      job.flush();
      job.harness.snapshot(2, 2);
      job.harness.notifyOfCompletedCheckpoint(2);
      awaitTexts(Map.of(1L, "1:one", 2L, "1:two"));
      assertThat(SnapshotUtil.currentAncestorIds(lake.table("t"))).hasSize(2);
    }
  }

  @Test
  void a_commit_leaves_the_state_once_it_is_known() throws Exception {
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "one");
      job.flush();
      int pending = bytes(job.harness.snapshot(1, 1));
      job.harness.notifyOfCompletedCheckpoint(1);
      awaitTexts(Map.of(1L, "1:one"));
      awaitCommits(1);
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(bytes(job.harness.snapshot(2, 2))).isLessThan(pending));
    }
  }

  private static int bytes(OperatorSubtaskState state) {
    return (int) state.getManagedOperatorState().iterator().next().getStateSize();
  }

  @Test
  void the_last_checkpoint_waits_for_its_commits() throws Exception {
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "one");
      job.flush();
      job.window("p1");
      job.end();
      assertThat(lake.table("t").currentSnapshot()).isNull();
      job.harness.snapshot(1, 1);
      job.harness.notifyOfCompletedCheckpoint(1);
      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void a_task_that_ends_well_waits_for_its_commits() throws Exception {
    Running job = new Running(Closing.BY_CHECKPOINT, null);
    lake.upsert("t", 1, 1, "a", "one");
    job.flush();
    job.harness.snapshot(1, 1);
    job.harness.notifyOfCompletedCheckpoint(1);
    job.close();
    assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "1:one"));
  }

  @Test
  void without_checkpoints_the_one_epoch_is_committed_at_the_end_and_found_when_run_again()
      throws Exception {
    for (int attempt = 0; attempt < 2; attempt++) {
      try (Running job = new Running(Closing.AT_END, null)) {
        lake.memory.clear();
        lake.upsert("t", 1, 1, "a", "one");
        job.flush();
        job.window("p1");
        job.end();
      }
      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
    assertThat(SnapshotUtil.currentAncestorIds(lake.table("t"))).hasSize(1);
  }

  @Test
  void a_job_that_failed_after_the_commits_of_its_last_savepoint_ends_without_restarts()
      throws Exception {
    OperatorSubtaskState old = stateBeforeAnotherEpoch();
    Running job = new Running(Closing.BY_CHECKPOINT, old);
    assertThatThrownBy(() -> runMailbox(job))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageContaining("MIRROR-3007 ")
        .hasMessageContaining(
            ": the table holds epoch 2, but the restored state ends at 1: the job failed while it"
                + " stopped, after its savepoint. Start it from the savepoint that it was stopped"
                + " with, or without one: then it goes on from the lake.");
    assertThatThrownBy(job::close).hasStackTraceContaining("MIRROR-3007");
  }

  @Test
  void an_old_state_takes_the_lake_back_if_asked() throws Exception {
    OperatorSubtaskState old = stateBeforeAnotherEpoch();
    try (Running job = new Running(Closing.BY_CHECKPOINT, old, lake.plan, OnLakeAhead.ROLLBACK)) {
      awaitTexts(Map.of(1L, "1:one"));
    }
  }

  private OperatorSubtaskState stateBeforeAnotherEpoch() throws Exception {
    try (Running job = new Running(Closing.BY_CHECKPOINT, null)) {
      lake.upsert("t", 1, 1, "a", "one");
      job.flush();
      OperatorSubtaskState state = job.harness.snapshot(1, 1);
      job.harness.notifyOfCompletedCheckpoint(1);
      lake.upsert("t", 2, 1, "a", "two");
      job.flush();
      job.harness.snapshot(2, 2);
      job.harness.notifyOfCompletedCheckpoint(2);
      awaitTexts(Map.of(1L, "1:one", 2L, "1:two"));
      return state;
    }
  }

  @Test
  void a_fenced_job_ends_without_restarts() throws Exception {
    Running job = new Running(Closing.BY_CHECKPOINT, null);
    lake.upsert("t", 1, 1, "a", "one");
    job.flush();
    job.harness.snapshot(1, 1);
    new Generations(lake.catalog).take(List.of("t"));
    job.harness.notifyOfCompletedCheckpoint(1);
    assertThatThrownBy(() -> runMailbox(job))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageContaining("MIRROR-3006 t: a newer job has taken over the table");
    assertThatThrownBy(job::close).hasStackTraceContaining("MIRROR-3006");
    for (Snapshot snapshot : lake.table("t").snapshots()) {
      assertThat(snapshot.summary()).doesNotContainKey(LakeKeys.COMMIT_ID);
    }
  }

  @Test
  void a_fenced_job_that_waits_for_its_last_commits_ends_without_restarts() throws Exception {
    for (Closing closing : Closing.values()) {
      Running job = new Running(closing, null);
      lake.upsert("t", closing.ordinal(), 1, "a", "one");
      job.flush();
      new Generations(lake.catalog).take(List.of("t"));
      assertThatThrownBy(() -> endAndComplete(job))
          .isInstanceOf(SuppressRestartsException.class)
          .cause()
          .hasMessageContaining("MIRROR-3006 ");
      assertThatThrownBy(job::close).isInstanceOf(SuppressRestartsException.class);
    }
  }

  @Test
  void a_job_whose_token_has_ended_restarts_and_commits_with_the_one_that_is_there_then()
      throws Exception {
    lake.close();
    try (RestCatalogServer server = new RestCatalogServer(directory)) {
      Path token = Files.writeString(directory.resolve("token"), RestCatalogServer.TOKEN);
      LakeSpec spec = withTokenIn(token, server);
      lake = new TestLake(spec, T);
      Running job = new Running(Closing.BY_CHECKPOINT, null);
      lake.upsert("t", 1, 1, "a", "one");
      job.flush();
      OperatorSubtaskState state = job.harness.snapshot(1, 1);
      server.takeOnly("an0ther-Yx5Kd8Lm2Qs7");
      Files.writeString(token, "an0ther-Yx5Kd8Lm2Qs7");
      job.harness.notifyOfCompletedCheckpoint(1);
      assertThatThrownBy(() -> runMailbox(job))
          .isExactlyInstanceOf(IllegalStateException.class)
          .cause()
          .hasMessageStartingWith("MIRROR-3008 t: The commit of epoch 1 did not succeed");
      assertThatThrownBy(job::close).hasStackTraceContaining("MIRROR-3008");

      try (Running restarted = new Running(Closing.BY_CHECKPOINT, state);
          LakeCatalog catalog = LakeCatalog.open(spec, SecretSource.ofProcess())) {
        Awaitility.await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertThat(LakeRows.texts(catalog.load("t"))).isEqualTo(Map.of(1L, "1:one")));
      }
    }
  }

  private static LakeSpec withTokenIn(Path file, RestCatalogServer server) {
    Map<String, SecretText> properties = new LinkedHashMap<>(server.lake().catalog());
    String reference = "${file:" + file + "}";
    properties.put("token", SecretText.parse(reference, SecretText.Display.HIDDEN).orElseThrow());
    return new LakeSpec(properties, server.lake().namespace());
  }

  private static void endAndComplete(Running job) throws Exception {
    job.end();
    job.harness.snapshot(1, 1);
    job.harness.notifyOfCompletedCheckpoint(1);
  }

  /** Runs what the commit threads ask the task to do, until it fails. */
  private static void runMailbox(Running job) throws Exception {
    while (true) {
      job.harness.getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
    }
  }

  private static TableProgress progress() {
    return ProgressBoard.of("mirror").tables().get("t");
  }

  private static void awaitCommits(int commits) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(progress().commits()).isEqualTo(commits));
  }

  private void awaitTexts(Map<Long, String> expected) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(lake.texts("t")).isEqualTo(expected));
  }
}
