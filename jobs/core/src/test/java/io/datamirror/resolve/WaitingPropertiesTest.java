package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.BatchWrites;
import io.datamirror.resolve.testing.HeldRows;
import io.datamirror.resolve.testing.Row;
import io.datamirror.resolve.testing.SerializingStore;
import io.datamirror.resolve.testing.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** That changes wait for each other before they are folded shows nowhere. */
class WaitingPropertiesTest {

  private static final KeyGroups GROUPS = key -> key.hashCode() & 1;

  /** On average so many changes come between two other events: more and fewer than wait at most. */
  private static final int CHANGES_PER_EVENT = Incoming.ROOM / 2;

  /** What may come between changes. */
  private enum Event {
    RECALL,
    REJECT,
    DUE,
    WATERMARK,
    COUNTS,
    FLUSH,
    FLUSH_BY_TABLE,
    FLUSH_BY_GROUP
  }

  private static final Set<Event> FLUSHES =
      EnumSet.of(Event.FLUSH, Event.FLUSH_BY_TABLE, Event.FLUSH_BY_GROUP);

  /** A resolver, and all that can be seen of it. */
  private static final class Seen {
    private final BatchWrites writes;
    private final SerializingStore store = new SerializingStore((key, memory) -> {});
    private final Resolver<Row> resolver;
    private final int table;
    private Counts counts = Counts.NONE;

    Seen(Shape shape, Forgetting forgetting) {
      table = shape.table();
      writes = new BatchWrites(Map.of(table, shape));
      resolver = new Resolver<>(store, new HeldRows<>(), writes, Map.of(table, forgetting));
    }

    void count() {
      counts = counts.plus(resolver.drainCounts().get(table));
    }
  }

  @Provide
  Arbitrary<Scenario> scenarios() {
    return Scenarios.any();
  }

  @Property(
      tries = 200,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void changes_that_wait_end_like_changes_that_are_folded_one_by_one(
      @ForAll("scenarios") Scenario scenario, @ForAll @IntRange(max = 20_000) int latenessMillis) {
    Shape shape = scenario.shape();
    Forgetting forgetting = new Forgetting(latenessMillis, false);
    Seen waiting = new Seen(shape, forgetting);
    Seen oneByOne = new Seen(shape, forgetting);
    Random random = new Random(scenario.seed());
    List<Assembled> delivery = scenario.delivery();
    long watermarkMillis = Long.MIN_VALUE;
    int waits = 0;
    for (Assembled change : delivery) {
      waiting.resolver.offer(change, watermarkMillis);
      oneByOne.resolver.offer(change, watermarkMillis);
      oneByOne.count();
      waits = (waits + 1) % Incoming.ROOM;
      if (random.nextInt(CHANGES_PER_EVENT) == 0) {
        Event event = Event.values()[random.nextInt(Event.values().length)];
        Statistics.label("changes that wait at " + event).collect(waits == 0 ? "none" : "some");
        Assembled other = delivery.get(random.nextInt(delivery.size()));
        if (event == Event.WATERMARK) {
          watermarkMillis = Math.max(watermarkMillis, change.timeMillis());
        } else {
          happen(event, waiting, other, watermarkMillis);
          happen(event, oneByOne, other, watermarkMillis);
          waits = event == Event.DUE ? waits : 0;
        }
        if (FLUSHES.contains(event)) {
          compare(waiting, oneByOne);
        }
      }
    }
    happen(Event.FLUSH, waiting, delivery.get(0), watermarkMillis);
    happen(Event.FLUSH, oneByOne, delivery.get(0), watermarkMillis);
    compare(waiting, oneByOne);
    for (Event event : Event.values()) {
      Statistics.label("changes that wait at " + event)
          .coverage(coverage -> coverage.check("some").percentage(share -> share > 80));
    }
  }

  private static void happen(Event event, Seen seen, Assembled other, long watermarkMillis) {
    KeyId key = other.key();
    switch (event) {
      case RECALL ->
          seen.resolver.recall(
              key, Memory.present(other.rank(), Memory.NO_PARTITION, other.timeMillis()));
      case REJECT ->
          seen.resolver.reject(
              key.table(),
              new LedgerEntry(
                  "table", LedgerReason.BAD_VALUE, "-1", null, null, null, "{}", "is bad"));
      case DUE -> seen.resolver.due(key);
      case WATERMARK -> throw new IllegalArgumentException("of both");
      case COUNTS -> seen.count();
      case FLUSH -> seen.resolver.flush(watermarkMillis);
      case FLUSH_BY_TABLE -> seen.resolver.flushTables(watermarkMillis);
      case FLUSH_BY_GROUP -> seen.resolver.flush(GROUPS, watermarkMillis);
    }
  }

  private static void compare(Seen waiting, Seen oneByOne) {
    assertThat(told(waiting.writes.drain())).isEqualTo(told(oneByOne.writes.drain()));
    waiting.count();
    oneByOne.count();
    assertThat(waiting.counts).isEqualTo(oneByOne.counts);
    assertThat(waiting.resolver.bundleBytes()).isZero();
    assertThat(waiting.store.memories()).isEqualTo(oneByOne.store.memories());
  }

  /** Everything that was written, each kind in its order. */
  private static List<List<String>> told(Batch batch) {
    return List.of(
        each(batch.inserts, it -> it.row().serial() + " " + Arrays.toString(it.partition())),
        each(batch.removals, it -> it.key() + " " + Arrays.toString(it.partition())),
        each(batch.burials, it -> it.key() + Arrays.toString(it.rank()) + it.timeMillis()),
        each(batch.unburied, KeyId::toString),
        each(batch.entries, Batch.Entry::toString));
  }

  private static <T> List<String> each(List<T> written, Function<T, String> text) {
    return written.stream().map(text).toList();
  }
}
