package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.KeyId;
import io.datamirror.commit.Part;
import io.datamirror.lake.Reloading.Rule;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Memory;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that outlive the credentials that they were given with a table. */
class ReloadedTest {

  private static final TablePlan T = TestMirror.table("t");

  @TempDir Path directory;
  private final AtomicInteger loads = new AtomicInteger();
  private long nowNanos;
  private int attempts;
  private boolean away;
  private boolean open;

  @BeforeEach
  void begin() {
    LentFiles.WRITTEN_WITH.clear();
  }

  private void pass(int minutes) {
    nowNanos += Duration.ofMinutes(minutes).toNanos();
  }

  private Reloading reloading(Rule rule) {
    return new Reloading(rule, () -> nowNanos);
  }

  private Reloaded<Integer> reloaded(Rule rule) {
    return reloaded(reloading(rule));
  }

  private Reloaded<Integer> reloaded(Reloading reloading) {
    return new Reloaded<>("t", this::load, value -> !open, reloading);
  }

  private int load() {
    attempts++;
    if (away) {
      throw new IllegalStateException("no answer");
    }
    return loads.incrementAndGet();
  }

  @Test
  void what_is_old_is_loaded_again_unless_files_of_it_are_open() {
    Reloaded<Integer> table = reloaded(Rule.WHEN_OLD);
    pass(10);
    assertThat(table.current()).isEqualTo(1);
    pass(1);
    open = true;
    assertThat(table.current()).isEqualTo(1);
    open = false;
    assertThat(table.current()).isEqualTo(2);
    assertThat(table.current()).isEqualTo(2);
    assertThat(table.last()).isEqualTo(2);
  }

  @Test
  void what_cannot_be_loaded_is_used_on_and_asked_for_again_a_minute_later() {
    Reloaded<Integer> table = reloaded(Rule.WHEN_OLD);
    pass(120);
    away = true;
    assertThat(table.current()).isEqualTo(1);
    away = false;
    assertThat(table.current()).isEqualTo(1);
    pass(1);
    assertThat(table.current()).isEqualTo(2);
  }

  @Test
  void a_catalog_that_is_away_is_waited_for_once_and_not_for_each_table() {
    Reloading reloading = reloading(Rule.WHEN_OLD);
    List<Reloaded<Integer>> tables = List.of(reloaded(reloading), reloaded(reloading));
    pass(11);
    away = true;
    attempts = 0;

    tables.forEach(Reloaded::current);

    assertThat(attempts).isEqualTo(1);
  }

  @Test
  void a_table_that_somebody_changed_keeps_no_other_from_being_loaded() {
    Reloading reloading = reloading(Rule.WHEN_OLD);
    Reloaded<Integer> changed =
        new Reloaded<>(
            "changed",
            () -> {
              if (nowNanos > 0) {
                throw PartitionChange.error("changed");
              }
              return 0;
            },
            value -> true,
            reloading);
    Reloaded<Integer> other = reloaded(reloading);
    pass(11);

    assertThat(changed.current()).isZero();
    assertThat(other.current()).isEqualTo(2);
  }

  @Test
  void no_epoch_waits_for_all_tables_and_all_are_loaded_before_credentials_end() {
    Reloading reloading = reloading(Rule.WHEN_OLD);
    List<Reloaded<Integer>> tables = new ArrayList<>();
    for (int table = 0; table < 100; table++) {
      tables.add(new Reloaded<>("t" + table, this::loadInASecond, value -> true, reloading));
    }
    nowNanos = Duration.ofMinutes(12).toNanos();
    int before = loads.get();

    tables.forEach(Reloaded::current);
    assertThat(loads.get() - before).isEqualTo(10);
    tables.forEach(Reloaded::current);
    assertThat(loads.get() - before).as("it is the same epoch").isEqualTo(10);

    for (int epoch = 0; epoch < 9; epoch++) {
      reloading.endEpoch();
      tables.forEach(Reloaded::current);
    }
    assertThat(loads.get() - before).isEqualTo(100);

    nowNanos += Duration.ofMinutes(21).toNanos();
    reloading.endEpoch();
    tables.forEach(Reloaded::current);
    assertThat(loads.get() - before).as("they may not become older").isEqualTo(200);
  }

  private int loadInASecond() {
    nowNanos += Duration.ofSeconds(1).toNanos();
    return loads.incrementAndGet();
  }

  @Test
  void a_task_that_is_cancelled_goes_on_with_nothing() {
    Reloaded<Integer> table = reloaded(Rule.WHEN_OLD);
    pass(11);
    away = true;
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(table::current).hasMessage("no answer");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void what_does_not_end_is_loaded_once() {
    Reloaded<Integer> table = reloaded(Rule.NEVER);
    pass(1_000);
    assertThat(table.current()).isEqualTo(1);
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      assertThat(Reloading.of(catalog).rule()).isEqualTo(Rule.NEVER);
    }
  }

  @Test
  void a_writer_begins_an_epoch_with_the_credentials_that_the_server_hands_out_now()
      throws Exception {
    try (RestCatalogServer server = new RestCatalogServer(directory);
        LakeCatalog catalog = LakeCatalog.initialise(lake(server), SecretSource.ofProcess())) {
      assertThat(Reloading.of(catalog).rule()).isEqualTo(Rule.WHEN_OLD);
      Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(T), Takeover.From.LAKE);
      MirrorPlan plan = TestMirror.plan(lake(server), 1, List.of(T));
      server.lend(1);
      try (MirrorWrites writes = new MirrorWrites(plan, writer(server))) {
        write(writes, 1);
        server.lend(2);
        pass(11);
        write(writes, 2);
        assertThat(writtenWith()).as("the files are open").containsExactly("1", "1");
        assertThat(drain(writes)).hasSize(2);

        write(writes, 3);
        assertThat(writtenWith()).containsExactly("1", "1", "2", "2");
        assertThat(drain(writes)).hasSize(2);

        server.lend(3);
        write(writes, 4);
        assertThat(writtenWith()).as("that was just now").endsWith("2", "2");
        drain(writes);
        pass(11);
        write(writes, 5);
        assertThat(writtenWith()).endsWith("3", "3");
      }
      assertThat(server.refused()).isEmpty();
    }
  }

  @Test
  void a_key_that_somebody_else_changes_is_not_taken_over() throws Exception {
    try (RestCatalogServer server = new RestCatalogServer(directory);
        LakeCatalog catalog = LakeCatalog.initialise(lake(server), SecretSource.ofProcess())) {
      Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(T), Takeover.From.LAKE);
      MirrorPlan plan = TestMirror.plan(lake(server), 1, List.of(T));
      try (MirrorWrites writes = new MirrorWrites(plan, writer(server))) {
        write(writes, 1);
        drain(writes);
        int id = catalog.load("t").schema().findField("id").fieldId();
        catalog.load("t").updateSchema().setIdentifierFields(List.of()).commit();
        pass(11);

        remove(writes, 1);

        List<String> removals =
            writes.drain(Map.of(), table -> Long.MIN_VALUE).stream()
                .flatMap(part -> part.deleteFiles().stream())
                .toList();
        assertThat(removals).singleElement().asString().contains("\"equality-ids\":[" + id + "]");
      }
      assertThatThrownBy(() -> new MirrorWrites(plan, writer(server)))
          .hasMessage(
              "MIRROR-3005 t: its key was changed while it was mirrored. A table keeps its key for"
                  + " life: set its identifier fields to [id] again, or choose another name for the"
                  + " table.");
    }
  }

  private LakeWriter writer(RestCatalogServer server) {
    return new LakeWriter(
        LakeCatalog.open(lake(server), SecretSource.ofProcess()),
        0,
        0,
        new WaitingRows(),
        reloading(Rule.WHEN_OLD));
  }

  private static LakeSpec lake(RestCatalogServer server) {
    Map<String, SecretText> properties = new LinkedHashMap<>(server.lake().catalog());
    properties.put("io-impl", SecretText.of(LentFiles.class.getName()));
    return new LakeSpec(properties, server.lake().namespace());
  }

  /** A row of the table, and a tombstone. */
  private static void write(MirrorWrites writes, long id) {
    BinaryRowData row = row(id);
    writes.insert(T.number(), row, writes.partition(T.number(), row));
    byte[] hash = new byte[16];
    hash[0] = (byte) id;
    writes.bury(KeyId.fromBytes(T.number(), hash), row, Memory.NO_PARTITION, 0);
  }

  private static BinaryRowData row(long id) {
    RowBuffer buffer = new RowBuffer(T.layout().storedColumns());
    buffer.reset();
    buffer.writeLong(0, id);
    buffer.writeLong(1, 1);
    return buffer.take();
  }

  private static void remove(MirrorWrites writes, long id) {
    BinaryRowData row = row(id);
    writes.remove(T.number(), row, writes.partition(T.number(), row));
  }

  private static List<String> drain(MirrorWrites writes) {
    List<Part> parts = writes.drain(Map.of(), table -> Long.MIN_VALUE);
    return parts.stream().flatMap(part -> part.dataFiles().stream()).toList();
  }

  private static List<String> writtenWith() {
    return LentFiles.WRITTEN_WITH;
  }

  /** Files that are written with what the server handed out with their table. */
  public static final class LentFiles extends HadoopFileIO {
    static final List<String> WRITTEN_WITH = new ArrayList<>();

    @Override
    public OutputFile newOutputFile(String path) {
      if (path.endsWith(".parquet")) {
        WRITTEN_WITH.add(properties().get(RestCatalogServer.CREDENTIAL));
      }
      return super.newOutputFile(path);
    }
  }
}
