package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.datamirror.lake.OwnTable;
import io.datamirror.lake.Rollback;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import io.datamirror.relate.LakeReference;
import io.datamirror.spec.Cardinality;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.OnOrphan;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.SecretText;
import io.datamirror.spec.TableSpec;
import io.datamirror.stream.MirrorRecord.Progress;
import io.datamirror.verify.Moments;
import io.datamirror.verify.Orphan;
import io.datamirror.verify.ReferenceReport;
import io.datamirror.verify.Relations;
import java.io.File;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relationships are counted in the lake, exactly, by whoever asks and by the running mirror. */
class RelationWatchTest {
  static final TablePlan PARENTS = TestMirror.table("parents");

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;

  @Test
  void the_counts_of_a_running_mirror_follow_its_commits() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children);
        RelationWatch watch = new RelationWatch(lake.plan, table -> {}, Duration.ofMillis(1))) {
      LakeReference reference = reference(children);
      assertThat(watch.report(reference)).isNull();

      lake.upsert("children", 7, 1, "x", "a");
      lake.commit(lake.epoch("p1"));
      watch.committed("children");
      await().atMost(PATIENCE).until(() -> orphans(watch, reference) == 1);

      lake.upsert("parents", 7, 1, "x", "a");
      lake.commit(lake.epoch("p2"));
      watch.committed("parents");
      await().atMost(PATIENCE).until(() -> orphans(watch, reference) == 0);
    }
  }

  /** A catalog whose first user finds a class missing, as when a jar was replaced under a job. */
  public static final class LackingAClass extends JdbcCatalog {
    static final AtomicInteger LACKS = new AtomicInteger();

    @Override
    public void initialize(String name, Map<String, String> properties) {
      if (LACKS.getAndDecrement() > 0) {
        throw new NoClassDefFoundError("some/Thing");
      }
      super.initialize(name, properties);
    }
  }

  @Test
  void an_error_in_a_check_is_no_end_of_the_checks() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    LackingAClass.LACKS.set(1);
    try (TestLake lake = new TestLake(directory, PARENTS, children);
        RelationWatch watch =
            new RelationWatch(
                TestMirror.plan(lackingAClass(), lake.plan.generation(), lake.plan.tables()),
                table -> {},
                Duration.ofMillis(1))) {
      lake.upsert("children", 7, 1, "x", "a");
      lake.commit(lake.epoch("p1"));
      watch.committed("children");

      await().atMost(PATIENCE).until(() -> orphans(watch, reference(children)) == 1);
      assertThat(LackingAClass.LACKS).hasValueLessThan(0);
    }
  }

  private LakeSpec lackingAClass() {
    LakeSpec lake = TestMirror.lake(directory);
    Map<String, SecretText> catalog = new LinkedHashMap<>(lake.catalog());
    catalog.remove("type");
    catalog.put("catalog-impl", SecretText.of(LackingAClass.class.getName()));
    return new LakeSpec(catalog, lake.namespace());
  }

  private static long orphans(RelationWatch watch, LakeReference reference) {
    ReferenceReport report = watch.report(reference);
    return report == null ? -1 : report.orphans();
  }

  @Test
  void a_composite_reference_holds_only_if_all_its_columns_do() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "PLACE", "TEXT");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("parents", 1, 1, "a", "b");
      lake.upsert("parents", 2, 1, "ab", "c");
      lake.upsert("children", 1, 1, "a", "b");
      lake.upsert("children", 2, 1, "a", "c");
      lake.upsert("children", 3, 1, "a", "bc");
      lake.upsert("children", 4, 1, "ab", "c");
      lake.commit(lake.epoch("p1"));

      List<Orphan> orphans = new ArrayList<>();
      ReferenceReport report = check(lake, children, orphans);

      assertThat(report.rows()).isEqualTo(4);
      assertThat(report.orphanValues()).isEqualTo(2);
      assertThat(orphans)
          .containsExactlyInAnyOrder(
              new Orphan("{\"id\":2}", "{\"place\":\"a\",\"text\":\"c\"}"),
              new Orphan("{\"id\":3}", "{\"place\":\"a\",\"text\":\"bc\"}"));
    }
  }

  @Test
  void a_cardinality_says_what_breaks_it() throws Exception {
    for (Cardinality cardinality : Cardinality.values()) {
      TablePlan children = children(cardinality, "PLACE");
      Path place = directory.resolve(cardinality.name());
      try (TestLake lake = new TestLake(place, PARENTS, children)) {
        lake.upsert("parents", 1, 1, "a", "");
        lake.upsert("parents", 2, 1, "twice", "");
        lake.upsert("parents", 3, 1, "twice", "");
        lake.upsert("children", 1, 1, "a", "");
        lake.upsert("children", 2, 1, "a", "");
        lake.upsert("children", 3, 1, "twice", "");
        lake.upsert("children", 4, 1, null, "");
        lake.commit(lake.epoch("p1"));

        ReferenceReport report = check(lake, children, new ArrayList<>());

        assertThat(report.orphans()).isZero();
        assertThat(report.cardinalityBreaks())
            .as(cardinality.text())
            .isEqualTo(
                switch (cardinality) {
                  case ONE_TO_ONE -> 3;
                  case ONE_TO_ZERO, MANY_TO_ONE -> 2;
                  case MANY_TO_ZERO -> 1;
                });
      }
    }
  }

  @Test
  void an_orphan_is_in_the_ledger_once_however_often_it_is_found() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("children", 1, 1, "x", "");
      lake.commit(lake.epoch("p1"));
      check(lake, children, new ArrayList<>());
      check(lake, children, new ArrayList<>());
      lake.upsert("children", 2, 1, "x", "");
      lake.commit(lake.epoch("p2"));
      check(lake, children, new ArrayList<>());

      assertThat(entries(lake))
          .containsExactlyInAnyOrder(
              "orphan {\"id\":1} children.id → parents.id: there is no such row",
              "orphan {\"id\":2} children.id → parents.id: there is no such row");
    }
  }

  private static final String FOUND =
      "orphan {\"id\":1} children.id → parents.id: there is no such row";
  private static final String ENDED =
      "orphan-ended {\"id\":1} children.id → parents.id: there is such a row now, or nothing refers"
          + " to it any more";

  @Test
  void an_orphan_that_ended_and_comes_back_is_in_the_ledger_again() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("children", 1, 1, "x", "");
      commitAndCheckTwice(lake, children);
      assertThat(entries(lake)).containsExactly(FOUND);

      lake.upsert("parents", 1, 1, "x", "");
      commitAndCheckTwice(lake, children);
      assertThat(entries(lake)).containsExactlyInAnyOrder(FOUND, ENDED);

      lake.delete("parents", 1, 2);
      commitAndCheckTwice(lake, children);
      assertThat(entries(lake)).containsExactlyInAnyOrder(FOUND, ENDED, FOUND);

      lake.delete("children", 1, 2);
      commitAndCheckTwice(lake, children);
      assertThat(entries(lake)).containsExactlyInAnyOrder(FOUND, ENDED, FOUND, ENDED);
    }
  }

  private static void commitAndCheckTwice(TestLake lake, TablePlan children) throws Exception {
    lake.commit(lake.epoch("p"));
    check(lake, children, new ArrayList<>());
    check(lake, children, new ArrayList<>());
  }

  @Test
  void a_check_of_an_earlier_moment_enters_only_what_never_was() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("children", 1, 1, "x", "");
      List<Committable> first = lake.epoch("p1");
      lake.commit(first);
      long before = first.get(0).epoch();
      lake.upsert("parents", 1, 1, "x", "");
      lake.commit(lake.epoch("p2"));
      Moments moments = new Moments(lake.catalog, List.of("parents", "children"));
      Relations earlier = new Relations(lake.catalog, "mirror", Moments.Age.EARLIER);

      earlier.check(reference(children), moments.at(before), orphan -> {}, rows -> {});
      earlier.check(reference(children), moments.latest(), orphan -> {}, rows -> {});
      assertThat(entries(lake)).as("nothing ends at an earlier moment").containsExactly(FOUND);

      check(lake, children, new ArrayList<>());
      earlier.check(reference(children), moments.at(before), orphan -> {}, rows -> {});
      assertThat(entries(lake)).containsExactlyInAnyOrder(FOUND, ENDED);
    }
  }

  @Test
  void a_table_whose_snapshots_have_expired_is_not_taken_for_empty() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("parents", 1, 1, "x", "");
      lake.upsert("children", 1, 1, "x", "");
      List<Committable> first = lake.epoch("p1");
      lake.commit(first);
      lake.upsert("parents", 2, 1, "x", "");
      lake.upsert("children", 2, 1, "x", "");
      lake.commit(lake.epoch("p2"));
      List.of("parents", "children").forEach(name -> expireAllBut(lake.table(name)));

      ReferenceReport report = check(lake, children, new ArrayList<>());

      assertThat(report.rows()).isEqualTo(2);
      assertThat(report.orphans()).isZero();
      assertThat(entries(lake)).isEmpty();
      Moments moments = new Moments(lake.catalog, List.of("parents", "children"));
      assertThat(moments.at(first.get(0).epoch())).isEmpty();

      lake.upsert("parents", 3, 1, "x", "");
      lake.commit(lake.epochWithinWindow());
      expireAllBut(lake.table("parents"));
      assertThatThrownBy(() -> check(lake, children, new ArrayList<>()))
          .hasMessage(
              "MIRROR-3042 parents: its snapshots of that moment have expired. Check a later moment,"
                  + " or again when the mirror has committed its next position; keep snapshots for"
                  + " longer.");
    }
  }

  /** Leaves one snapshot, which is not the mirror's, as care by another engine does. */
  private static void expireAllBut(Table table) {
    table.newAppend().commit();
    table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
    assertThat(table.snapshots()).hasSize(1);
  }

  @Test
  void an_orphan_with_a_very_long_reference_is_in_the_ledger_once() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "PLACE");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("children", 1, 1, "é".repeat(20_000), "");
      commitAndCheckTwice(lake, children);

      assertThat(entries(lake))
          .containsExactly(
              "orphan {\"id\":1} children.place → parents.place: there is no such row");
    }
  }

  private static List<String> entries(TestLake lake) throws Exception {
    List<String> entries = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(lake.table(OwnTable.LEDGER.tableName())).build()) {
      rows.forEach(
          row ->
              entries.add(
                  row.getField("reason")
                      + " "
                      + row.getField("key")
                      + " "
                      + row.getField("error")));
    }
    return entries;
  }

  @Test
  void while_a_table_is_loaded_the_rows_that_refer_to_it_are_no_orphans() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children);
        RelationWatch watch = new RelationWatch(lake.plan, table -> {}, Duration.ofMillis(1))) {
      lake.upsert("parents", 2, 1, "x", "");
      lake.upsert("children", 1, 1, "x", "");
      lake.upsert("children", 2, 1, "x", "");
      lake.flush();
      for (Progress.Step step : Progress.Step.values()) {
        lake.closer.add(new Progress(children.number(), step, 1, 0, 1, "p1", 0));
      }
      lake.commit(lake.closer.close());

      assertThatThrownBy(() -> check(lake, children, new ArrayList<>()))
          .hasMessage(
              "MIRROR-3043 parents: it is not loaded yet: the lake is not complete to any position"
                  + " of its source at that moment. Check again when the mirror has read the whole"
                  + " table once.");
      watch.committed("children");
      lake.upsert("parents", 3, 1, "x", "");
      lake.commit(lake.epoch("p2"));
      watch.committed("parents");
      await().atMost(PATIENCE).until(() -> orphans(watch, reference(children)) == 1);

      assertThat(entries(lake)).containsExactly(FOUND);
    }
  }

  @Test
  void a_table_that_was_taken_back_to_nothing_is_not_loaded_until_it_has_a_position_again()
      throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("parents", 1, 1, "x", "");
      lake.upsert("children", 1, 1, "x", "");
      List<Committable> first = lake.epoch("p1");
      lake.commit(first);
      long generation = lake.plan.generation();
      new Rollback(lake.table("parents"), "parents", 0, generation, first.get(0).epoch() + 1)
          .run(generation);
      lake.upsert("parents", 2, 1, "x", "");
      lake.commit(lake.epochWithinWindow());

      assertThatThrownBy(() -> check(lake, children, new ArrayList<>()))
          .hasMessageStartingWith("MIRROR-3043 parents: it is not loaded yet");
      assertThat(entries(lake)).isEmpty();
      Moments moments = new Moments(lake.catalog, List.of("parents", "children"));
      for (String undone : List.of("parents=p1", "parents=")) {
        assertThatThrownBy(() -> moments.at(undone))
            .hasMessageStartingWith("MIRROR-1016 --at " + undone)
            .hasMessageEndingWith(" Name one that is kept: children=p1.");
      }

      lake.upsert("parents", 1, 2, "x", "");
      lake.commit(lake.epoch("p2"));
      assertThat(check(lake, children, new ArrayList<>()).orphans()).isZero();
    }
  }

  @Test
  void an_orphan_is_let_go_once_it_is_handed_over() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "PLACE");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("children", 1, 1, "x", "");
      lake.upsert("children", 2, 1, "x", "");
      lake.commit(lake.epoch("p1"));
      List<WeakReference<Orphan>> handedOver = new ArrayList<>();

      check(
          lake,
          children,
          orphan -> {
            handedOver.forEach(RelationWatchTest::awaitLetGo);
            handedOver.add(new WeakReference<>(orphan));
          });

      assertThat(handedOver).hasSize(2);
    }
  }

  private static void awaitLetGo(WeakReference<Orphan> orphan) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              System.gc();
              return orphan.get() == null;
            });
  }

  @Test
  void a_check_that_breaks_off_leaves_no_file_behind() throws Exception {
    TablePlan children = children(Cardinality.MANY_TO_ONE, "ID");
    try (TestLake lake = new TestLake(directory, PARENTS, children)) {
      lake.upsert("children", 1, 1, "x", "");
      lake.upsert("children", 2, 1, "x", "");
      lake.commit(lake.epoch("p1"));
      Set<File> before = keptOrphans();
      Set<File> during = new HashSet<>();
      List<Orphan> orphans = new ArrayList<>();

      assertThatThrownBy(
              () ->
                  check(
                      lake,
                      children,
                      orphan -> {
                        orphans.add(orphan);
                        if (orphans.size() == 2) {
                          during.addAll(keptOrphans());
                          throw new IllegalStateException("the job ends");
                        }
                      }))
          .hasMessage("the job ends");

      during.removeAll(before);
      assertThat(during).isNotEmpty();
      // Another process may keep some of its own for a moment.
      await().atMost(PATIENCE).until(() -> during.stream().noneMatch(File::exists));
    }
  }

  /** The directories that checks of this machine keep their orphans in now. */
  private static Set<File> keptOrphans() {
    File[] found =
        new File(System.getProperty("java.io.tmpdir"))
            .listFiles(file -> file.getName().startsWith("mirror-orphans-"));
    return Set.of(found);
  }

  private static ReferenceReport check(TestLake lake, TablePlan children, List<Orphan> orphans)
      throws Exception {
    return check(lake, children, (Consumer<Orphan>) orphans::add);
  }

  private static ReferenceReport check(TestLake lake, TablePlan children, Consumer<Orphan> orphans)
      throws Exception {
    return new Relations(lake.catalog, "mirror", Moments.Age.NEWEST)
        .check(
            reference(children),
            new Moments(lake.catalog, List.of("parents", "children")).latest(),
            orphans,
            rows -> {});
  }

  static LakeReference reference(TablePlan children) {
    return LakeReference.of(List.of(PARENTS.spec(), children.spec())).get(0);
  }

  /** Children whose columns refer to those of the same name of their parents. */
  static TablePlan children(Cardinality cardinality, String... columns) {
    TablePlan plain = TestMirror.table("children");
    TableSpec spec = plain.spec();
    RelationshipSpec relationship =
        new RelationshipSpec(
            List.of(columns), "parents", List.of(columns), cardinality, OnOrphan.LEDGER);
    TableSpec referring =
        new TableSpec(
            spec.name(),
            spec.source(),
            spec.feed(),
            spec.behavior(),
            spec.primaryKey(),
            spec.version(),
            spec.timestamp(),
            spec.operation(),
            spec.order(),
            spec.cursor(),
            spec.transaction(),
            spec.snapshot(),
            spec.columns(),
            spec.partitionBy(),
            List.of(relationship),
            spec.onSchemaChange(),
            spec.onBadRow(),
            spec.allowedLateness(),
            spec.tie(),
            spec.line());
    return new TablePlan(referring, plain.feed(), plain.identity());
  }
}
