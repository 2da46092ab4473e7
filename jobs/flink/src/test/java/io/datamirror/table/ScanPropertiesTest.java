package io.datamirror.table;

import static io.datamirror.stream.TestRecords.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.resolve.Forgetting;
import io.datamirror.spec.OnBadRow;
import io.datamirror.stream.BundleLimit;
import io.datamirror.stream.Flushing;
import io.datamirror.stream.KeyIdSerializer;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.RecordKey;
import io.datamirror.stream.ResolveOperatorFactory;
import io.datamirror.stream.SerializedType;
import io.datamirror.stream.TestRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.table.data.RowData;

/** What a query receives, folded by whoever knows nothing of the law, is the fold of the law. */
class ScanPropertiesTest {

  private static final ChangeLayout LAYOUT =
      new ChangeLayout(
          "t",
          List.of(column("id"), column("value"), column("place")),
          List.of(0),
          List.of(1),
          -1,
          -1,
          Tie.DELETE_WINS);

  static final ResolvedColumns COLUMNS = ResolvedColumns.of(LAYOUT, 2, List.of());

  private static final BundleLimit UNLIMITED = new BundleLimit(Long.MAX_VALUE);

  private static Column column(String name) {
    return new Column(name, name, ColumnType.of(ColumnType.Kind.LONG), false);
  }

  /** One change; an upsert's value tells it from all others of its key. */
  record Said(Operation operation, long id, long version) {

    MirrorRecord.Change change() {
      return operation == Operation.DELETE
          ? TestRecords.delete(id, version, 0)
          : TestRecords.upsert(id, version, version * 10, 0, 0);
    }
  }

  @Provide
  Arbitrary<List<Said>> changes() {
    Arbitrary<Said> change =
        Combinators.combine(
                Arbitraries.of(Operation.class),
                Arbitraries.longs().between(1, 6),
                Arbitraries.longs().between(1, 8))
            .as(Said::new);
    return change.list().ofMaxSize(60);
  }

  /** With the small one, the bundle is full in the middle of a key. */
  @Provide
  Arbitrary<BundleLimit> limits() {
    return Arbitraries.of(UNLIMITED, new BundleLimit(200));
  }

  @Property(tries = 300)
  void a_changelog_folds_to_the_fold_of_the_law(
      @ForAll("changes") List<Said> changes, @ForAll int restoredAt) throws Exception {
    Map<Long, Long> consumer = new HashMap<>();
    int middle = changes.isEmpty() ? 0 : Math.floorMod(restoredAt, changes.size());
    OperatorSubtaskState state;
    try (var harness = harness(ScanMode.CHANGELOG, Flushing.EVERY_CHANGE, UNLIMITED)) {
      harness.open();
      send(harness, changes.subList(0, middle));
      consume(harness.extractOutputValues(), consumer);
      state = harness.snapshot(1, 1);
    }
    try (var harness = harness(ScanMode.CHANGELOG, Flushing.EVERY_CHANGE, UNLIMITED)) {
      harness.initializeState(state);
      harness.open();
      send(harness, changes.subList(middle, changes.size()));
      consume(harness.extractOutputValues(), consumer);
    }

    assertThat(consumer).isEqualTo(fold(changes));
  }

  @Property(tries = 300)
  void in_batch_the_rows_are_the_fold_of_the_law(
      @ForAll("changes") List<Said> changes, @ForAll("limits") BundleLimit limit) throws Exception {
    List<Said> sorted =
        changes.stream().sorted(java.util.Comparator.comparingLong(Said::id)).toList();
    Map<Long, Long> consumer = new HashMap<>();
    try (var harness = harness(ScanMode.ROWS, Flushing.EVERY_KEY, limit)) {
      harness.open();
      send(harness, sorted);
      harness.endInput();
      for (RowData row : harness.extractOutputValues()) {
        assertThat(row.getRowKind()).isEqualTo(org.apache.flink.types.RowKind.INSERT);
        assertThat(consumer.put(row.getLong(0), row.getLong(1))).isNull();
      }
    }

    assertThat(consumer).isEqualTo(fold(changes));
  }

  /** Of the source's watermark, changes may be still to come; of Flink's, none may. */
  @Example
  void a_query_hears_a_watermark_that_no_row_to_come_is_as_old_as() throws Exception {
    try (var harness = harness(ScanMode.CHANGELOG, Flushing.EVERY_CHANGE, UNLIMITED)) {
      harness.open();
      harness.processWatermark(new Watermark(60_000));

      assertThat(harness.getOutput()).containsExactly(new Watermark(59_999));
    }
  }

  /** The law in its own words: the greatest version, and of equal ones the delete. */
  private static Map<Long, Long> fold(List<Said> changes) {
    Map<Long, Said> winners = new TreeMap<>();
    for (Said change : changes) {
      winners.merge(change.id(), change, (held, comer) -> beats(comer, held) ? comer : held);
    }
    Map<Long, Long> rows = new HashMap<>();
    winners.forEach(
        (id, winner) -> {
          if (winner.operation() == Operation.UPSERT) {
            rows.put(id, winner.version() * 10);
          }
        });
    return rows;
  }

  private static boolean beats(Said comer, Said held) {
    return comer.version() != held.version()
        ? comer.version() > held.version()
        : comer.operation() == Operation.DELETE && held.operation() == Operation.UPSERT;
  }

  /** Upserts put, deletes remove: that is all that a consumer knows. */
  private static void consume(List<RowData> rows, Map<Long, Long> table) {
    for (RowData row : rows) {
      switch (row.getRowKind()) {
        case INSERT, UPDATE_AFTER -> table.put(row.getLong(0), row.getLong(1));
        case DELETE -> table.remove(row.getLong(0));
        case UPDATE_BEFORE -> throw new AssertionError("not in a changelog of upserts");
      }
    }
  }

  private static void send(
      KeyedOneInputStreamOperatorTestHarness<KeyId, MirrorRecord, RowData> harness,
      List<Said> changes)
      throws Exception {
    for (Said change : changes) {
      harness.processElement(new StreamRecord<>(change.change()));
    }
  }

  private static KeyedOneInputStreamOperatorTestHarness<KeyId, MirrorRecord, RowData> harness(
      ScanMode mode, Flushing flushing, BundleLimit limit) throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new ResolveOperatorFactory<>(
            new ScanWritesFactory("m", "t", OnBadRow.STOP, mode, COLUMNS),
            Map.of(TABLE, Forgetting.NOTHING),
            flushing,
            limit),
        new RecordKey(),
        new SerializedType<>(KeyId.class, KeyIdSerializer.INSTANCE));
  }
}
