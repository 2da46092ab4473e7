package io.datamirror.source;

import io.datamirror.change.ChangeLayout;
import io.datamirror.commit.MemoryLake;
import io.datamirror.connect.HeldConnection;
import io.datamirror.error.Problem;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.FeedFactory;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.lake.KeptColumns;
import io.datamirror.lake.SchemaFollower;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import io.datamirror.source.SourceSettings.Board;
import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * A mirror of tables of an H2 whose columns change: the real feeds, schedule, resolver, writers and
 * committer, without Flink, over a lake in memory.
 */
final class SchemaRun implements AutoCloseable {

  private final String url;
  private final Connection connection;
  private final MirrorSpec spec;
  private final SourceSettings settings =
      SourceSettings.of(Until.STOPPED).withRecalled(Recalled.AT_ONCE);
  private final MemoryLake lake = new MemoryLake();
  private MirrorPlan plan;
  private MirrorSchedule schedule;
  private Checkpoint checkpoint;
  private Snapshot snapshot = Snapshot.MOVING;
  private final List<Question> asked = new ArrayList<>();
  private long nowMillis = 1_000_000;

  /** What a restart goes on from. */
  private record Checkpoint(byte[] schedule, MemoryLake.Saved lake) {}

  /**
   * @param tables the tables of the spec as YAML, each line indented by two
   */
  SchemaRun(String name, String tables, String... statements) throws Exception {
    url = "jdbc:h2:mem:" + name;
    connection = DriverManager.getConnection(url);
    sql(statements);
    spec =
        SpecReader.read(
            """
            mirror: changing
            source: { type: jdbc, url: "%s", settle: 0s, poll-interval: 1s }
            lake: { catalog: { type: hadoop, warehouse: /nowhere }, namespace: lake }
            tables:
            %s
            """
                .formatted(url, tables));
    start();
  }

  void sql(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  /** A start that has nothing but the lake, and the source as it is now. */
  void start() throws Exception {
    plan = lake.start(spec, resolved(), null);
    schedule = MirrorSchedule.fresh(plan, rules());
    checkpoint = null;
  }

  /** The same, with base tables that are read as they were at one moment. */
  void startPinned() throws Exception {
    snapshot = Snapshot.PINNED;
    start();
  }

  /** A start from the last checkpoint, as from a savepoint: the feeds are resolved anew. */
  void startFromCheckpoint() throws Exception {
    if (checkpoint == null) {
      start();
      return;
    }
    plan = lake.start(spec, resolved(), checkpoint.lake());
    schedule = restored();
  }

  /**
   * The job dies and goes on from its last checkpoint, with the plan that it was submitted with.
   */
  void failOver() throws Exception {
    if (checkpoint == null) {
      start();
      return;
    }
    lake.failOver(checkpoint.lake());
    schedule = restored();
  }

  private MirrorSchedule restored() throws Exception {
    MirrorEnumeratorStateSerializer format = MirrorEnumeratorStateSerializer.INSTANCE;
    return MirrorSchedule.restored(
        plan, rules(), format.deserialize(format.getVersion(), checkpoint.schedule()));
  }

  private List<TablePlan> resolved() throws SQLException {
    List<TablePlan> tables = resolved(Map.of());
    Map<String, KeptColumns> kept = KeptColumns.differing(lake.catalog(), tables);
    return kept.isEmpty() ? tables : resolved(kept);
  }

  private List<TablePlan> resolved(Map<String, KeptColumns> kept) throws SQLException {
    List<TablePlan> tables = new ArrayList<>();
    for (TableSpec table : spec.tables()) {
      KeptColumns read = kept.getOrDefault(table.name(), KeptColumns.asDeclared(table));
      TableSpec declared = table.withColumns(read.columns());
      Feed feed = FeedFactory.resolve(connection, spec.source(), declared, read.order());
      Feed reading = snapshot == Snapshot.PINNED ? new PinnedFeed(feed) : feed;
      tables.add(new TablePlan(table, reading, feed.identity(connection)));
    }
    return tables;
  }

  private ScheduleRules rules() {
    return ScheduleRules.of(settings, spec.source());
  }

  /** Everything that is there is planned, taken and read. */
  void read() throws Exception {
    while (readSome(Integer.MAX_VALUE)) {
      nowMillis += 2_000;
    }
  }

  /** Splits are planned, taken and read, but at most so many; whether there were any. */
  boolean readSome(int most) throws Exception {
    plan();
    int read = 0;
    Optional<MirrorSplit> split = read < most ? schedule.take() : Optional.empty();
    while (split.isPresent()) {
      read(split.get());
      read++;
      split = read < most ? schedule.take() : Optional.empty();
    }
    nowMillis += 2_000;
    return read > 0;
  }

  /** The next window is planned, and nobody has read anything of it. */
  void plan() throws Exception {
    Planning planning =
        new Planning(
            settings,
            plan,
            new Keeper(),
            new PlanningConnections(() -> new HeldConnection(this::opened)));
    List<Question> questions = schedule.questions(nowMillis);
    while (!questions.isEmpty()) {
      asked.addAll(questions);
      for (Question question : questions) {
        schedule.answered(question, stillPinned(question, planning.answer(question)), nowMillis);
      }
      questions = schedule.questions(nowMillis);
    }
    planning.close();
  }

  /** A feed that follows the columns is a new one, and of the same kind. */
  private Answer stillPinned(Question question, Answer answer) throws Exception {
    boolean revised = answer instanceof Answer.Fits fits && fits.revision() != null;
    if (snapshot != Snapshot.PINNED || !revised) {
      return answer;
    }
    FeedRevision revision = ((Answer.Fits) answer).revision();
    Feed feed = new PinnedFeed(revision.of(question.table()).feed());
    return new Answer.Fits(FeedRevision.of(revision.generation(), revision.arity(), feed));
  }

  private Connection opened() throws SQLException {
    return DriverManager.getConnection(url);
  }

  private void read(MirrorSplit split) throws Exception {
    HeldConnection held = new HeldConnection(this::opened);
    SplitOpener opener = new SplitOpener(plan, settings, NothingRecalled.INSTANCE, held);
    SplitFetch fetch =
        new SplitFetch(
            opener,
            held,
            settings,
            SourceProgress.of("schema", Board.OWN),
            new AtomicReference<>());
    fetch.handleSplitsChanges(new SplitsAddition<>(List.of(split)));
    MirrorSplit reading = split;
    boolean ended = false;
    while (!ended) {
      RecordsWithSplitIds<Batch> batches = fetch.fetch();
      while (batches.nextSplit() != null) {
        Batch batch = batches.nextRecordFromSplit();
        while (batch != null) {
          batch.records().forEach(lake::accept);
          reading = reading.at(batch.after());
          batch = batches.nextRecordFromSplit();
        }
      }
      ended = !batches.finishedSplits().isEmpty();
    }
    fetch.close();
    held.close();
    schedule.finished(List.of(Finished.of(reading)));
  }

  /** The lake follows as it does in a job, and has no keys to recall. */
  private final class Keeper implements RecallPlanner, SchemaKeeper {
    private static final long serialVersionUID = 1L;

    @Override
    public LakeStart start(TablePlan table) {
      String position = TableHistory.of(lake.table(table.name())).position();
      return new LakeStart(
          position.isEmpty() ? Optional.empty() : Optional.of(new Position(position)),
          Identity.UNKNOWN,
          Long.MIN_VALUE,
          List.of());
    }

    @Override
    public Optional<SchemaKeeper> schemaKeeper() {
      return Optional.of(this);
    }

    @Override
    public Optional<Problem> follow(TablePlan table, ChangeLayout layout, int arity) {
      return new SchemaFollower(lake.catalog(), plan.generation()).follow(table, layout, arity);
    }

    @Override
    public void readAnew(TablePlan table, Identity now) {
      new SchemaFollower(lake.catalog(), plan.generation()).readAnew(table, now);
    }

    @Override
    public void stopped(TablePlan table, String reason) {
      new SchemaFollower(lake.catalog(), plan.generation()).stopped(table, reason);
    }
  }

  /** A checkpoint that is complete, and committed. */
  void commit() throws Exception {
    checkpoint();
    lake.complete(checkpoint.lake());
  }

  /** A checkpoint that is complete, and not committed yet. */
  void checkpoint() throws Exception {
    MirrorEnumeratorStateSerializer format = MirrorEnumeratorStateSerializer.INSTANCE;
    checkpoint = new Checkpoint(format.serialize(schedule.state()), lake.save());
  }

  /** What memory holds goes into files, in the middle of an epoch. */
  void flush() throws Exception {
    lake.flush();
  }

  /** The questions about the base tables that were asked until now. */
  List<Question.PlanSnapshot> askedForSnapshots() {
    return asked.stream()
        .filter(Question.PlanSnapshot.class::isInstance)
        .map(Question.PlanSnapshot.class::cast)
        .toList();
  }

  Optional<Problem> refused(String table) {
    return schedule.table(table).refused();
  }

  Counts counted(String table) {
    return lake.counted(
        plan.tables().stream().filter(found -> found.name().equals(table)).findFirst().get());
  }

  Table table(String name) {
    return lake.table(name);
  }

  /** The files of a table of the lake, of rows and of deletes. */
  List<String> files(String name) throws Exception {
    List<String> files = new ArrayList<>();
    Table table = table(name);
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        files.add(task.file().location());
        task.deletes().forEach(delete -> files.add(delete.location()));
      }
    }
    return files.stream().sorted().distinct().toList();
  }

  /** The rows of a table of the lake by their key, each with its columns that are not null. */
  Map<String, Map<String, String>> lake(String table) throws Exception {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    Table loaded = table(table);
    try (CloseableIterable<Record> records = IcebergGenerics.read(loaded).build()) {
      for (Record row : records) {
        Map<String, String> values = new TreeMap<>();
        loaded
            .schema()
            .columns()
            .forEach(field -> put(values, field.name(), row.getField(field.name())));
        if (rows.put(values.get("ID"), values) != null) {
          throw new AssertionError("the key " + values.get("ID") + " is there twice");
        }
      }
    }
    return rows;
  }

  /** The same as a query of the source sees them. */
  Map<String, Map<String, String>> source(String query) throws SQLException {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      ResultSetMetaData columns = result.getMetaData();
      while (result.next()) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          put(values, columns.getColumnLabel(i), result.getObject(i));
        }
        rows.put(values.get("ID"), values);
      }
    }
    return rows;
  }

  private static void put(Map<String, String> values, String column, Object value) {
    if (value != null) {
      boolean number = value instanceof Number;
      values.put(
          column,
          number
              ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString()
              : value.toString());
    }
  }

  /** The columns of a table of the lake with their types. */
  Map<String, String> columns(String table) {
    Map<String, String> columns = new LinkedHashMap<>();
    table(table)
        .schema()
        .columns()
        .forEach(field -> columns.put(field.name(), field.type().toString()));
    return columns;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
