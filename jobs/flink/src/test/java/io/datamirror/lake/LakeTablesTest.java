package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.commit.Committing;
import io.datamirror.commit.Part;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Identity;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.Transform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Types.StringType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeTablesTest {

  private static final TablePlan T = TestMirror.table("t");

  @TempDir Path directory;
  private LakeCatalog catalog;

  @BeforeEach
  void open() {
    catalog = TestMirror.catalog(directory);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private LakeTables tables() {
    return new LakeTables(catalog, "mirror", OnHistoryLost.STOP);
  }

  @Test
  void a_new_table_has_the_format_key_partitions_and_owner() {
    PartitionField buckets = new PartitionField(Transform.BUCKET, 8, "ID");
    tables().prepare(List.of(TestMirror.table("t", buckets)));
    Table table = catalog.load("t");
    assertThat(((BaseTable) table).operations().current().formatVersion()).isEqualTo(2);
    assertThat(table.schema().identifierFieldNames()).containsExactly("id");
    assertThat(table.schema().findField("id").isRequired()).isTrue();
    assertThat(table.schema().findField("text").isOptional()).isTrue();
    assertThat(table.spec().fields().get(0).transform()).hasToString("bucket[8]");
    assertThat(table.properties())
        .containsEntry("data-mirror.mirror", "mirror")
        .containsEntry("data-mirror.source", "SOURCE.t")
        .containsEntry("data-mirror.source-identity", "one")
        .containsEntry("write.parquet.compression-codec", "zstd")
        .containsEntry("write.delete.parquet.page-size-bytes", "65536")
        .doesNotContainKey("write.parquet.page-size-bytes")
        .containsEntry("write.metadata.delete-after-commit.enabled", "true")
        .containsEntry("history.expire.min-snapshots-to-keep", "10")
        .containsEntry("history.expire.max-snapshot-age-ms", "86400000");
  }

  @Test
  void what_a_run_says_of_its_rows_stays_until_another_has_taken_over() {
    Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(T), Takeover.From.STATE);
    catalog.load("t").updateProperties().set(LakeKeys.LAYOUTS, "{}").commit();
    // A start may fail behind this, and the run goes on.
    tables().prepare(List.of(T));
    assertThat(catalog.load("t").properties()).containsKey(LakeKeys.LAYOUTS);

    Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(T), Takeover.From.STATE);
    assertThat(catalog.load("t").properties()).doesNotContainKey(LakeKeys.LAYOUTS);
  }

  @Test
  void the_own_tables_are_created_beside_it() {
    tables().prepare(List.of(T));
    for (OwnTable own : OwnTable.values()) {
      Table table = catalog.load(own.tableName());
      assertThat(table.schema().sameSchema(own.schema())).isTrue();
      assertThat(table.spec().fields().get(0).transform()).hasToString("identity");
    }
    assertThat(catalog.load("mirror_tombstones").schema().identifierFieldNames())
        .containsExactlyInAnyOrder("table_name", "key_hash");
  }

  @Test
  void the_table_of_relationships_is_one_of_its_own_where_it_is() {
    assertThat(tables().drafts(List.of(T)))
        .extracting(LakeTables.Draft::name)
        .containsExactly("t", "mirror_tombstones", "mirror_ledger");
    catalog.createNamespace();
    Map<String, String> others = Map.of(LakeKeys.MIRROR, "other");
    catalog.create(
        RelationshipTable.NAME, RelationshipTable.SCHEMA, PartitionSpec.unpartitioned(), others);

    assertThat(tables().drafts(List.of(T)))
        .filteredOn(LakeTables.Draft::exists)
        .extracting(LakeTables.Draft::name)
        .containsExactly("mirror_relationships");
    assertProblem("MIRROR-3003 mirror_relationships: this table belongs to the mirror other.", T);
    assertThat(catalog.find("mirror_ledger")).isEmpty();
  }

  @Test
  void preparing_twice_changes_nothing() {
    tables().prepare(List.of(T));
    String before = metadata("t");
    tables().prepare(List.of(T));
    assertThat(metadata("t")).isEqualTo(before);
  }

  @Test
  void a_table_of_another_mirror_is_refused_and_nothing_is_touched() {
    new LakeTables(catalog, "other", OnHistoryLost.STOP).prepare(List.of(T));
    String before = metadata("t");
    assertThatThrownBy(() -> tables().prepare(List.of(T, TestMirror.table("u"))))
        .isInstanceOf(ProblemsException.class)
        .hasMessageContaining("MIRROR-3003 t: this table belongs to the mirror other.")
        .hasMessageContaining("Give each mirror a namespace of its own.");
    assertThat(metadata("t")).isEqualTo(before);
    assertThat(catalog.find("u")).isEmpty();
  }

  @Test
  void a_table_that_no_mirror_made_is_refused() {
    catalog.createNamespace();
    Map<String, String> none = Map.of();
    catalog.create("t", LakeSchema.of(T.layout()), PartitionSpec.unpartitioned(), none);
    assertProblem(
        "MIRROR-3004 t: this table exists in the lake and was not created by a mirror", T);
    assertThat(catalog.find("mirror_ledger")).isEmpty();
  }

  @Test
  void tables_with_rows_are_refused_when_their_tombstones_are_gone() throws Exception {
    commitOneEpoch();
    catalog.icebergCatalog().dropTable(catalog.identifier("mirror_tombstones"));
    assertProblem("MIRROR-3005 mirror_tombstones: it is missing beside tables with rows", T);
    assertThat(catalog.find("mirror_tombstones")).isEmpty();
  }

  private void commitOneEpoch() throws Exception {
    commitOneEpoch(T);
  }

  private void commitOneEpoch(TablePlan table) throws Exception {
    List<TablePlan> tables = List.of(table);
    Generations.Start start =
        Takeover.of(catalog, "mirror", OnHistoryLost.STOP, tables, Takeover.From.LAKE);
    MirrorPlan plan = TestMirror.plan(TestMirror.lake(directory), start.generation(), tables);
    Part part =
        new Part(
            T.number(), 0, List.of(), List.of(), new Counts(1, 0, 0, 0, 0, 0, 0), Long.MIN_VALUE);
    Committing.commit(catalog, plan, 1, List.of(part), "p1");
  }

  @Test
  void a_source_that_was_dropped_and_created_again_is_noticed() throws Exception {
    commitOneEpoch();
    TablePlan recreated = new TablePlan(T.spec(), T.feed(), new Identity("two"));
    assertProblem("MIRROR-2007 t: SOURCE.t was dropped and created again", recreated);
  }

  @Test
  void a_table_that_is_still_empty_begins_with_whatever_the_source_is_now() {
    tables().prepare(List.of(T));
    TablePlan recreated = new TablePlan(T.spec(), T.feed(), new Identity("two"));
    tables().prepare(List.of(recreated));
    assertThat(catalog.load("t").properties()).containsEntry("data-mirror.source-identity", "two");
  }

  @Test
  void another_key_is_refused() {
    tables().prepare(List.of(T));
    ChangeLayout layout = T.layout();
    ChangeLayout other =
        new ChangeLayout(
            "t", layout.columns(), List.of(0, 1), layout.version(), -1, -1, layout.tie());
    assertProblem("MIRROR-3005 t: its key is [id], not [", TestMirror.table(other));
  }

  @Test
  void a_key_in_another_order_is_refused_whatever_the_start_goes_on_from() {
    TablePlan before = keyed(1, 0);
    TablePlan after = keyed(0, 1);
    long generation = start(before);

    assertProblem(REORDERED, after);
    for (Takeover.From from : Takeover.From.values()) {
      assertThatThrownBy(
              () -> Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(after), from))
          .isInstanceOf(MirrorException.class)
          .hasMessage(REORDERED);
    }
    assertThat(Generations.generation(catalog.load("t").properties())).isEqualTo(generation);
    assertThat(tables().problems(List.of(before))).isEmpty();
  }

  @Test
  void a_table_of_an_earlier_release_keeps_the_order_of_its_key_from_its_next_start_on() {
    start(keyed(1, 0));
    catalog.load("t").updateProperties().remove("data-mirror.key").commit();
    assertThat(tables().problems(List.of(keyed(0, 1)))).isEmpty();

    start(keyed(1, 0));
    assertThat(catalog.load("t").properties())
        .containsEntry("data-mirror.key", "[\"place\",\"id\"]");
    assertProblem(REORDERED, keyed(0, 1));
  }

  private static final String REORDERED =
      "MIRROR-3005 t: its key is [\"place\",\"id\"], not [\"id\",\"place\"]. A table keeps the order of"
          + " its key for life: write primary-key in that order, with the names that the columns have"
          + " in the source, or choose another name for the table. If all of its rows were written in"
          + " the new order, set its property data-mirror.key to [\"id\",\"place\"].";

  /** A table whose key is of its id, 0, and its place, 1, in an order. */
  private static TablePlan keyed(Integer... key) {
    List<Column> columns =
        List.of(
            new Column("ID", "id", TestMirror.LONG, true),
            new Column("PLACE", "place", TestMirror.STRING, true),
            new Column("VERSION", "version", TestMirror.LONG, false));
    return TestMirror.table(
        new ChangeLayout(
            "t", columns, List.of(key), List.of(2), -1, -1, ChangeLayout.Tie.DELETE_WINS));
  }

  /** The table as a spec has it that says this too. */
  private static TablePlan declared(String more) {
    return declared(more, ChangeLayout.Tie.DELETE_WINS);
  }

  private static TablePlan declared(String more, ChangeLayout.Tie tie) {
    String text =
        """
        mirror: mirror
        source: { type: jdbc, url: "jdbc:h2:mem:nothing" }
        lake: { catalog: { type: jdbc, uri: "jdbc:sqlite:c.db", warehouse: w }, namespace: mirrored }
        tables:
          - name: t
            source: SOURCE.t
            feed: change-table
            primary-key: [ID]
            version: [VERSION]
            columns: { rename: { ID: id, VERSION: version, PLACE: place, TEXT: text } }
        """
            + more.indent(4);
    ChangeLayout layout = T.layout();
    ChangeLayout tied =
        new ChangeLayout("t", layout.columns(), layout.key(), layout.version(), -1, -1, tie);
    TableSpec spec = SpecReader.read(text).tables().get(0);
    return new TablePlan(spec, new LaidOutFeed(tied), T.identity());
  }

  @Test
  void another_cursor_is_refused_once_there_is_a_position() throws Exception {
    TablePlan before = declared("cursor: CREATED");
    start(before);
    TablePlan after = declared("cursor: UPDATED");
    commitOneEpoch(after);

    assertProblem(
        "MIRROR-3005 t: its position is one of the cursor [\"UPDATED\"], not of the cursor [\"CREATED\"]."
            + " Choose another name for the table. If the column was only renamed, set the property"
            + " data-mirror.cursor of the table in the lake to [\"CREATED\"].",
        before);
  }

  @Test
  void another_timestamp_is_refused_once_keys_are_forgotten_by_the_one_before() {
    Column made = new Column("MADE", "made", TestMirror.LONG, false);
    Column changed = new Column("CHANGED", "changed", TestMirror.LONG, false);
    TablePlan before = timed(4, made, changed);
    start(timed(5, made, changed));
    start(before);
    catalog.load("t").newAppend().set(LakeKeys.EPOCH, "1").set(LakeKeys.HORIZON, "5").commit();

    start(before);
    assertProblem(
        "MIRROR-3005 t: its keys are forgotten by the timestamp MADE, and the spec has CHANGED. Keep"
            + " the timestamp, or choose another name for the table. If the column was only renamed,"
            + " set the property data-mirror.timestamp of the table in the lake to CHANGED.",
        timed(5, made, changed));
    assertProblem(
        "MIRROR-3005 t: its keys are forgotten by the timestamp MADE, and the spec has none. Keep the"
            + " timestamp, or choose another name for the table.",
        timed(-1, made, changed));
  }

  private static TablePlan timed(int time, Column... added) {
    ChangeLayout layout = layout("t", added);
    return TestMirror.table(
        new ChangeLayout(
            "t", layout.columns(), layout.key(), layout.version(), -1, time, layout.tie()));
  }

  private long start(TablePlan table) {
    return Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(table), Takeover.From.LAKE)
        .generation();
  }

  @Test
  void a_state_goes_by_the_tie_rule_of_its_time() {
    TablePlan before = declared("cursor: SEQ");
    TablePlan after = declared("cursor: SEQ\ntie: upsert-wins", ChangeLayout.Tie.UPSERT_WINS);
    long first = start(before);
    String byDeletes =
        "MIRROR-3005 t: the savepoint remembers its rows by tie: delete-wins. Start without the"
            + " savepoint: the mirror then goes on from the lake.";
    assertThat(problemsOfState(after, first)).containsExactly(byDeletes);

    long second = start(after);
    assertThat(problemsOfState(after, second)).isEmpty();
    assertThat(problemsOfState(after, first)).containsExactly(byDeletes);
    assertThat(problemsOfState(before, first)).isEmpty();

    long third = start(before);
    assertThat(problemsOfState(before, third)).isEmpty();
    assertThat(problemsOfState(before, first)).isEmpty();
    assertThat(problemsOfState(before, second)).hasSize(1);
  }

  @Test
  void a_state_of_a_table_that_left_is_asked_for_its_tie_rule_too() {
    start(declared("cursor: SEQ"));
    TablePlan back = declared("cursor: SEQ\ntie: upsert-wins", ChangeLayout.Tie.UPSERT_WINS);

    assertThat(LakeTables.problemsOfState(catalog, List.of(back), List.of(), 9)).hasSize(1);
  }

  @Test
  void a_state_goes_on_with_no_other_cursor_even_before_the_lake_has_a_position() {
    TablePlan before = declared("cursor: CREATED");
    TablePlan after = declared("cursor: UPDATED");
    long first = start(before);
    String refused =
        "MIRROR-3005 t: the savepoint goes on from a position of another cursor. Start without the"
            + " savepoint: the mirror then goes on from the lake.";
    assertThat(problemsOfState(after, first)).containsExactly(refused);
    assertThat(LakeTables.problemsOfState(catalog, List.of(after), List.of(), first)).isEmpty();

    long second = start(after);
    assertThat(problemsOfState(after, first)).containsExactly(refused);
    assertThat(problemsOfState(after, second)).isEmpty();
  }

  private List<String> problemsOfState(TablePlan plan, long generation) {
    List<TablePlan> tables = List.of(plan);
    return LakeTables.problemsOfState(catalog, tables, tables, generation).stream()
        .map(Problem::text)
        .toList();
  }

  @Test
  void a_stored_column_that_the_spec_calls_otherwise_is_refused() throws Exception {
    commitOneEpoch();
    TablePlan renamed = declared("cursor: SEQ");
    catalog.load("t").updateSchema().renameColumn("text", "TEXT").commit();
    assertProblem(
        "MIRROR-3005 t: the spec calls its column TEXT otherwise now. A column keeps its name in the"
            + " lake: take it out of columns.rename, or choose another name for the table.",
        renamed);
    catalog.load("t").updateSchema().addColumn("text", StringType.get()).commit();
    assertThat(tables().problems(List.of(renamed)))
        .extracting(Problem::text)
        .noneMatch(text -> text.contains("calls its column"));
  }

  @Test
  void another_version_is_refused() {
    tables().prepare(List.of(T));
    ChangeLayout layout = T.layout();
    ChangeLayout other =
        new ChangeLayout("t", layout.columns(), layout.key(), List.of(3), -1, -1, layout.tie());
    assertProblem(
        "MIRROR-3005 t: its version is [\"version\"], not [\"text\"]. A table keeps its version for"
            + " life: choose another name for the table, and drop this one once that is read.",
        TestMirror.table(other));
  }

  @Test
  void a_type_that_holds_more_is_followed_and_a_plan_says_so() {
    Column narrow = new Column("N", "n", ColumnType.of(Kind.INT), false);
    Column wide = new Column("N", "n", TestMirror.LONG, false);
    tables().prepare(List.of(withColumn(4, narrow)));

    TablePlan changed = withColumn(4, wide);
    assertThat(tables().changes(changed, List.of(changed)))
        .containsExactly("widens the column n from int to long");
    tables().prepare(List.of(changed));

    assertThat(catalog.load("t").schema().findType("n")).hasToString("long");
    assertProblem("MIRROR-3005 t: its column n is long, not int", withColumn(4, narrow));
  }

  @Test
  void what_a_schema_of_records_gains_and_loses_is_followed_whatever_the_policy() {
    Column narrow = new Column("N", "n", ColumnType.of(Kind.INT), false);
    Column wide = new Column("N", "n", TestMirror.LONG, false);
    Column city = new Column("CITY", "city", TestMirror.STRING, false);
    for (OnSchemaChange policy : List.of(OnSchemaChange.IGNORE, OnSchemaChange.STOP)) {
      String name = "t_" + policy;
      tables().prepare(List.of(records(name, policy, narrow)));
      tables().prepare(List.of(records(name, policy, wide, city)));

      assertThat(catalog.load(name).schema().findType("n")).hasToString("long");
      assertThat(catalog.load(name).schema().findType("city")).hasToString("string");
      assertProblem(
          "MIRROR-3005 "
              + name
              + ": its column n is long, not int. Declare it in schema: with its type in the lake,"
              + " or choose another name for the table.",
          records(name, policy, narrow, city));
      assertThat(tables().problems(List.of(records(name, policy, wide)))).isEmpty();
    }
  }

  @Test
  void a_column_that_the_source_gains_is_refused_where_nobody_left_it_out() {
    Column city = new Column("CITY", "city", TestMirror.STRING, false);
    for (OnSchemaChange policy : List.of(OnSchemaChange.IGNORE, OnSchemaChange.STOP)) {
      String name = "t_" + policy;
      tables().prepare(List.of(TestMirror.table(name)));
      assertProblem(
          "MIRROR-2011 "
              + name
              + ": the source has a column city that the table in the lake has not. Exclude the"
              + " column, or set on-schema-change to add-columns.",
          TestMirror.table(layout(name, city), FeedKind.CHANGE_TABLE, policy));
    }
  }

  @Test
  void a_column_that_the_source_lost_is_refused_whatever_the_policy() {
    Column city = new Column("CITY", "city", TestMirror.STRING, false);
    for (OnSchemaChange policy : OnSchemaChange.values()) {
      String name = "t_" + policy;
      tables().prepare(List.of(TestMirror.table(layout(name, city))));
      assertProblem(
          "MIRROR-2008 "
              + name
              + ": its column city is no longer in SOURCE."
              + name
              + ". Put it back into the source, or name the others in columns: { include: […] }: then"
              + " the lake keeps the column and gives it no more values.",
          TestMirror.table(layout(name), FeedKind.CHANGE_TABLE, policy));
      assertThat(tables().problems(List.of(including(layout(name), policy)))).isEmpty();
    }
  }

  /** The same, with every column of the layout named as one to mirror. */
  private static TablePlan including(ChangeLayout layout, OnSchemaChange policy) {
    TablePlan all = TestMirror.table(layout, FeedKind.CHANGE_TABLE, policy);
    List<String> sources = layout.columns().stream().map(Column::source).toList();
    TableSpec spec =
        all.spec()
            .withColumns(
                new ColumnsSpec(sources, List.of(), all.spec().columns().rename(), Map.of()));
    return new TablePlan(spec, all.feed(), all.identity());
  }

  private static TablePlan records(String name, OnSchemaChange policy, Column... added) {
    return TestMirror.table(layout(name, added), FeedKind.RECORDS, policy);
  }

  private static ChangeLayout layout(String name, Column... added) {
    List<Column> columns = new ArrayList<>(T.layout().columns());
    columns.addAll(List.of(added));
    return new ChangeLayout(
        name, columns, T.layout().key(), T.layout().version(), -1, -1, T.layout().tie());
  }

  @Test
  void version_order_and_time_keep_their_types_since_ranks_of_two_types_do_not_compare() {
    Column narrow = new Column("N", "n", ColumnType.of(Kind.INT), false);
    Column wide = new Column("N", "n", TestMirror.LONG, false);
    int[][] versionOrderTime = {{4, -1, -1}, {1, 4, -1}, {1, -1, 4}};
    for (int i = 0; i < versionOrderTime.length; i++) {
      String name = "t" + i;
      tables().prepare(List.of(lawOf(name, narrow, versionOrderTime[i])));
      assertProblem(
          "MIRROR-3005 " + name + ": its column n is int, not long",
          lawOf(name, wide, versionOrderTime[i]));
    }
  }

  private static TablePlan lawOf(String name, Column added, int[] versionOrderTime) {
    List<Column> columns = new ArrayList<>(T.layout().columns());
    columns.add(added);
    return TestMirror.table(
        new ChangeLayout(
            name,
            columns,
            T.layout().key(),
            List.of(versionOrderTime[0]),
            versionOrderTime[1],
            versionOrderTime[2],
            T.layout().tie()));
  }

  @Test
  void a_plan_says_which_columns_come_and_which_get_no_more_values() {
    tables().prepare(List.of(withColumn(4, new Column("N", "n", TestMirror.LONG, false))));

    TablePlan changed = withColumn(4, new Column("M", "m", TestMirror.STRING, false));
    assertThat(tables().changes(changed, List.of(changed)))
        .containsExactly("adds the column m string", "gives the column n no more values");
    assertThat(tables().changes(TestMirror.table("new"), List.of())).isEmpty();
  }

  @Test
  void other_partitions_are_refused() {
    tables().prepare(List.of(T));
    PartitionField place = new PartitionField(Transform.IDENTITY, 0, "PLACE");
    assertProblem(
        "MIRROR-3005 t: its partitions are not those of the spec", TestMirror.table("t", place));
  }

  @Test
  void partitions_that_were_changed_in_the_lake_are_refused_until_the_change_is_taken_back() {
    tables().prepare(List.of(T));
    for (OwnTable own : OwnTable.values()) {
      String name = own.tableName();
      catalog.load(name).updateSpec().addField("time").commit();
      assertProblem("MIRROR-3005 " + name + ": its partitions were changed while it was", T);
      catalog.load(name).updateSpec().removeField("time").commit();
    }
    catalog.load("t").updateSpec().addField("place").commit();
    assertProblem("MIRROR-3005 t: its partitions are not those of the spec", T);
    catalog.load("t").updateSpec().removeField("place").commit();
    tables().prepare(List.of(T));
  }

  @Test
  void files_of_other_partitions_are_told_after_the_change_was_taken_back() {
    TablePlan plan = TestMirror.table("t", new PartitionField(Transform.BUCKET, 8, "ID"));
    tables().prepare(List.of(plan));
    Table table = catalog.load("t");
    table.updateSpec().addField("place").commit();
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath(table.location() + "/rewritten.parquet")
                .withPartitionPath("id_bucket=1/place=a")
                .withFileSizeInBytes(1)
                .withRecordCount(1)
                .build())
        .commit();
    table.updateSpec().removeField("place").commit();

    assertProblem("MIRROR-3005 t: its partitions were changed while it was", plan);
  }

  @Test
  void another_type_is_refused() {
    tables().prepare(List.of(T));
    TablePlan changed = withColumn(3, new Column("TEXT", "text", TestMirror.LONG, false));
    assertProblem("MIRROR-3005 t: its column text is string, not long", changed);
  }

  @Test
  void a_column_that_is_new_in_the_source_is_added() {
    tables().prepare(List.of(T));
    Column added = new Column("NEW", "new", ColumnType.decimal(10, 2), false);
    tables().prepare(List.of(withColumn(4, added)));
    assertThat(catalog.load("t").schema().findType("new")).hasToString("decimal(10, 2)");
  }

  @Test
  void a_partition_by_a_column_that_is_not_stored_is_refused() {
    PartitionField missing = new PartitionField(Transform.IDENTITY, 0, "GONE");
    assertThatThrownBy(() -> tables().prepare(List.of(TestMirror.table("t", missing))))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("MIRROR-1024 t: it cannot be partitioned by GONE");
    assertThat(catalog.find("t")).isEmpty();
  }

  @Test
  void a_partition_transform_that_does_not_fit_its_column_is_refused() {
    PartitionField day = new PartitionField(Transform.DAY, 0, "TEXT");
    assertThatThrownBy(() -> tables().prepare(List.of(TestMirror.table("t", day))))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("MIRROR-1006 t: it cannot be partitioned by day(TEXT)");
    assertThat(catalog.find("t")).isEmpty();
  }

  @Test
  void a_column_that_is_called_like_a_partition_is_refused() {
    PartitionField buckets = new PartitionField(Transform.BUCKET, 8, "ID");
    Column column = new Column("OTHER", "id_bucket", TestMirror.LONG, false);
    TablePlan plan = TestMirror.table(layout("t", column), buckets);
    assertThatThrownBy(() -> tables().prepare(List.of(plan)))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1008 t: the column id_bucket has the name of the partition bucket(8, ID). Give"
                + " the column another one with columns: { rename: … }, or exclude it.");
    assertThat(catalog.find("t")).isEmpty();
  }

  @Test
  void a_new_column_that_engines_cannot_name_is_refused_and_an_old_one_goes_on() {
    String reserved =
        "MIRROR-1008 t.A: Iceberg reserves the name _deleted, and Spark reads no table with such a"
            + " column. Give it another one with columns: { rename: … }, or exclude it.";
    String alike =
        "MIRROR-1006 t.B: another column in the lake differs from Text in upper and lower case"
            + " alone, which Spark and Trino do not tell apart. Give it another name with columns:"
            + " { rename: … }, or exclude it.";
    Column deleted = new Column("A", "_deleted", TestMirror.STRING, false);
    Column text = new Column("B", "Text", TestMirror.STRING, false);
    TablePlan plan = TestMirror.table(layout("t", deleted, text));

    assertThat(LakeTables.problemsOfNewLake(List.of(plan)))
        .extracting(Problem::text)
        .containsExactly(reserved, alike);
    assertProblem(reserved, plan);
    tables().prepare(List.of(T));
    assertProblem(alike, plan);

    UpdateSchema update = catalog.load("t").updateSchema();
    update.addColumn("_deleted", StringType.get()).addColumn("Text", StringType.get()).commit();
    assertThat(tables().problems(List.of(plan))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_file",
        "_pos",
        "_deleted",
        "_spec_id",
        "_partition",
        "_row_id",
        "_last_updated_sequence_number"
      })
  void every_name_that_iceberg_reserves_is_refused(String name) {
    Column column = new Column("A", name, TestMirror.STRING, false);
    assertThat(ColumnNames.problems(layout("t", column), new Schema())).hasSize(1);
  }

  @Test
  void a_partition_of_floating_point_numbers_is_refused() {
    PartitionField ratio = new PartitionField(Transform.IDENTITY, 0, "RATIO");
    for (Kind kind : List.of(Kind.FLOAT, Kind.DOUBLE)) {
      Column column = new Column("RATIO", "ratio", ColumnType.of(kind), false);
      TablePlan plan = TestMirror.table(layout("t", column), ratio);
      assertThatThrownBy(() -> tables().prepare(List.of(plan)))
          .isInstanceOf(MirrorException.class)
          .hasMessage(
              "MIRROR-1006 t: it cannot be partitioned by RATIO: a floating-point number may be"
                  + " none, such as NaN, and such a partition cannot be read. Partition by another"
                  + " column, or store this one as a decimal; a table that is in the lake keeps its"
                  + " partitions: choose another name for it.");
      assertThat(catalog.find("t")).isEmpty();
    }
  }

  @Test
  void every_type_of_column_becomes_a_type_of_the_lake() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("K", "k", TestMirror.LONG, true));
    for (Kind kind : Kind.values()) {
      ColumnType type = kind == Kind.DECIMAL ? ColumnType.decimal(9, 2) : ColumnType.of(kind);
      columns.add(new Column(kind.name(), kind.name(), type, false));
    }
    ChangeLayout layout =
        new ChangeLayout("t", columns, List.of(0), List.of(), -1, -1, ChangeLayout.Tie.DELETE_WINS);
    assertThat(LakeSchema.of(layout).columns().stream().skip(1).map(field -> field.type() + ""))
        .containsExactly(
            "boolean",
            "int",
            "long",
            "float",
            "double",
            "decimal(9, 2)",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "string",
            "binary");
  }

  private TablePlan withColumn(int at, Column column) {
    List<Column> columns = new ArrayList<>(T.layout().columns());
    if (at < columns.size()) {
      columns.set(at, column);
    } else {
      columns.add(column);
    }
    ChangeLayout layout = T.layout();
    return TestMirror.table(
        new ChangeLayout("t", columns, layout.key(), layout.version(), -1, -1, layout.tie()));
  }

  private void assertProblem(String text, TablePlan plan) {
    assertThat(tables().problems(List.of(plan)))
        .extracting(Problem::text)
        .anySatisfy(problem -> assertThat(problem).startsWith(text));
    assertThatThrownBy(() -> tables().prepare(List.of(plan))).hasMessageContaining(text);
  }

  private String metadata(String table) {
    return ((BaseTable) catalog.load(table)).operations().current().metadataFileLocation();
  }
}
