package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.commit.Committer.Outcome;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.OwnTable;
import io.datamirror.resolve.Counts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommitLanesTest {

  private final SilentListener listener = new SilentListener();
  private final Gated committer = new Gated();
  private final CommitLanes lanes = new CommitLanes(committer, listener);

  /** Commits to a table only when its gate is open. */
  private static final class Gated implements Committer {
    final ConcurrentHashMap<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    final ConcurrentHashMap<String, RuntimeException> failures = new ConcurrentHashMap<>();
    final Set<String> begun = ConcurrentHashMap.newKeySet();
    final AtomicBoolean interrupted = new AtomicBoolean();

    @Override
    public Outcome commit(Committable committable) throws InterruptedException {
      begun.add(committable.name());
      CountDownLatch gate = gates.get(committable.name());
      try {
        if (gate != null) {
          gate.await();
        }
      } catch (InterruptedException e) {
        // Whoever does not wait for the commit looks before this is over.
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        interrupted.set(true);
        throw e;
      }
      RuntimeException failure = failures.get(committable.name());
      if (failure != null) {
        throw failure;
      }
      return Outcome.COMMITTED;
    }
  }

  @AfterEach
  void close() {
    lanes.close();
  }

  @Test
  void one_slow_table_does_not_hold_the_others() throws Exception {
    committer.gates.put("slow", new CountDownLatch(1));
    for (int epoch = 1; epoch <= 9; epoch++) {
      lanes.submit(List.of(of("slow", epoch), of("t", epoch), of("u", epoch)));
    }
    await(18);
    assertThat(names()).doesNotContain("slow");
    committer.gates.get("slow").countDown();
    lanes.drain();
    assertThat(epochsOf("slow")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(epochsOf("t")).isSorted();
  }

  @Test
  void the_own_tables_of_an_epoch_are_committed_before_its_tables() throws Exception {
    committer.gates.put(OwnTable.TOMBSTONES.tableName(), new CountDownLatch(1));
    lanes.submit(List.of(own(OwnTable.TOMBSTONES, 1), own(OwnTable.LEDGER, 1), of("t", 1)));
    await(1);
    assertThat(names()).containsExactly("mirror_ledger");
    committer.gates.get(OwnTable.TOMBSTONES.tableName()).countDown();
    lanes.drain();
    assertThat(names()).containsExactly("mirror_ledger", "mirror_tombstones", "t");
  }

  @Test
  void a_table_does_not_overtake_the_own_tables_of_an_earlier_epoch() throws Exception {
    committer.gates.put(OwnTable.TOMBSTONES.tableName(), new CountDownLatch(1));
    committer.gates.put("slow", new CountDownLatch(1));
    lanes.submit(List.of(of("t", 1), of("slow", 1)));
    await(1);
    lanes.submit(List.of(own(OwnTable.TOMBSTONES, 2), of("t", 2)));
    lanes.submit(List.of(own(OwnTable.LEDGER, 3), of("t", 3), of("u", 3)));
    await(2);
    assertThat(names()).containsExactly("t", "mirror_ledger");
    committer.gates.get(OwnTable.TOMBSTONES.tableName()).countDown();
    await(6);
    assertThat(names().subList(0, 3)).containsExactly("t", "mirror_ledger", "mirror_tombstones");
    assertThat(names()).as("tables do not wait for each other").doesNotContain("slow");
    committer.gates.get("slow").countDown();
    lanes.drain();
    assertThat(epochsOf("t")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whoever_hands_over_waits_while_a_table_has_too_many_waiting() throws Exception {
    committer.gates.put("t", new CountDownLatch(1));
    for (int epoch = 1; epoch <= CommitLanes.MOST_WAITING; epoch++) {
      lanes.submit(List.of(of("t", epoch)));
    }
    CompletableFuture<Void> oneMore =
        CompletableFuture.runAsync(
            () -> {
              try {
                lanes.submit(List.of(of("t", CommitLanes.MOST_WAITING + 1)));
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    Awaitility.await()
        .during(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(5))
        .until(() -> !oneMore.isDone());
    committer.gates.get("t").countDown();
    oneMore.join();
    lanes.drain();
    assertThat(epochsOf("t")).hasSize(CommitLanes.MOST_WAITING + 1);
  }

  @Test
  void after_a_failure_nothing_more_is_begun_and_it_is_told_once() throws Exception {
    MirrorException failure = new MirrorException(ErrorCode.COMMIT_FAILED, "t", "no", "Look.");
    committer.failures.put("t", failure);
    lanes.submit(List.of(of("t", 1)));
    Awaitility.await().until(() -> !listener.failures.isEmpty());
    lanes.submit(List.of(of("t", 2), of("u", 2)));
    assertThatThrownBy(lanes::drain).hasCause(failure);
    assertThat(listener.committed).isEmpty();
    assertThat(listener.failures).containsExactly(failure);
  }

  @Test
  void a_table_is_not_committed_when_the_tombstones_of_its_epoch_failed() throws Exception {
    MirrorException failure = new MirrorException(ErrorCode.COMMIT_FAILED, "x", "no", "Look.");
    committer.failures.put(OwnTable.TOMBSTONES.tableName(), failure);
    lanes.submit(List.of(own(OwnTable.TOMBSTONES, 1), of("t", 1)));
    assertThatThrownBy(lanes::drain).hasCause(failure);
    assertThat(listener.committed).isEmpty();
  }

  @Test
  void closing_interrupts_a_commit_and_waits_for_it() throws Exception {
    committer.gates.put("t", new CountDownLatch(1));
    lanes.submit(List.of(of("t", 1)));
    Awaitility.await().until(() -> committer.begun.contains("t"));
    lanes.submit(List.of(of("u", 1)));
    await(1);
    lanes.close();
    assertThat(committer.interrupted).isTrue();
    assertThat(listener.failures).as("the job asked for it").isEmpty();
  }

  private void await(int commits) {
    Awaitility.await().untilAsserted(() -> assertThat(listener.committed).hasSize(commits));
  }

  private List<String> names() {
    return listener.committed.stream().map(Committable::name).toList();
  }

  private List<Long> epochsOf(String name) {
    return listener.committed.stream()
        .filter(committed -> committed.name().equals(name))
        .map(Committable::epoch)
        .toList();
  }

  private static Committable own(OwnTable own, long epoch) {
    return committable(own.number(), own.tableName(), epoch);
  }

  private static Committable of(String name, long epoch) {
    return committable(name.hashCode(), name, epoch);
  }

  private static Committable committable(int number, String name, long epoch) {
    return new Committable(
        number,
        name,
        epoch,
        1,
        "id" + epoch,
        List.of(),
        Counts.NONE,
        null,
        Long.MIN_VALUE,
        Long.MIN_VALUE);
  }
}
