package io.datamirror.lake;

import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Identity;
import io.datamirror.plan.TablePlan;
import io.datamirror.relate.LakeReference;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Creates the tables of a mirror and says what speaks against those that exist. Nothing is touched
 * as long as there is a problem.
 */
public final class LakeTables {

  /**
   * For files of few columns or rows, of which there are many: a compressor asks for the memory of
   * a whole page for each.
   */
  private static final String SMALL_PAGE_BYTES = "65536";

  private static final Map<String, String> PROPERTIES =
      Map.of(
          TableProperties.FORMAT_VERSION, "2",
          TableProperties.DEFAULT_FILE_FORMAT, "parquet",
          TableProperties.PARQUET_COMPRESSION, "zstd",
          TableProperties.DELETE_PARQUET_PAGE_SIZE_BYTES, SMALL_PAGE_BYTES,
          // A commit every minute leaves a metadata file every minute.
          TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
          TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "50",
          // The newest snapshots say which epochs were committed: expiry must leave some.
          TableProperties.MIN_SNAPSHOTS_TO_KEEP, "10",
          // All that are kept are written with every commit, and there may be six a minute.
          TableProperties.MAX_SNAPSHOT_AGE_MS, String.valueOf(Duration.ofDays(1).toMillis()));

  private final LakeCatalog catalog;
  private final String mirror;
  private final OnHistoryLost onHistoryLost;

  /**
   * @param onHistoryLost what becomes of a table whose source was created again
   */
  public LakeTables(LakeCatalog catalog, String mirror, OnHistoryLost onHistoryLost) {
    this.catalog = catalog;
    this.mirror = mirror;
    this.onHistoryLost = onHistoryLost;
  }

  /**
   * A table as it is in the lake, or would be created.
   *
   * @param exists whether it is there already
   */
  public record Draft(String name, boolean exists, Schema schema, PartitionSpec partitions) {}

  /** What {@link #prepare} would create or find, the mirror's own tables last. */
  public List<Draft> drafts(List<TablePlan> tables) {
    return drafts(tables, name -> catalog.find(name).isPresent());
  }

  /** What {@link #prepare} would change in a table that exists, in words; reads only. */
  public List<String> changes(TablePlan plan, List<TablePlan> all) {
    Optional<Table> table = catalog.find(plan.name());
    if (table.isEmpty()) {
      return List.of();
    }
    List<String> changes = new ArrayList<>();
    if (SourceIdentity.anew(table.get(), plan)) {
      changes.add("reads the table anew: " + plan.spec().source() + " was created again");
    }
    for (Column column : plan.layout().storedColumns()) {
      NestedField field = table.get().schema().findField(column.name());
      Type type = LakeSchema.type(column.type());
      if (field == null) {
        changes.add("adds the column " + column.name() + " " + type);
      } else if (!field.type().equals(type)) {
        changes.add("widens the column " + column.name() + " from " + field.type() + " to " + type);
      }
    }
    List<String> stored = plan.layout().storedColumns().stream().map(Column::name).toList();
    table.get().schema().columns().stream()
        .map(NestedField::name)
        .filter(name -> !stored.contains(name))
        .forEach(name -> changes.add("gives the column " + name + " no more values"));
    String references = references(all).getOrDefault(plan.name(), "");
    if (!table.get().properties().getOrDefault(LakeKeys.RELATIONSHIPS, "").equals(references)) {
      changes.add("changes what the table refers to");
    }
    return changes;
  }

  /** What {@link #prepare} would create in a lake that is not there yet. */
  public static List<Draft> draftsOfNewLake(List<TablePlan> tables) {
    return drafts(tables, name -> false);
  }

  /** What speaks against creating it: names, and partitions that cannot be. */
  public static List<Problem> problemsOfNewLake(List<TablePlan> tables) {
    List<Problem> problems = new ArrayList<>();
    for (TablePlan plan : tables) {
      problems.addAll(ColumnNames.problems(plan.layout(), new Schema()));
      try {
        LakeSchema.partitions(plan.spec(), LakeSchema.of(plan.layout()));
      } catch (MirrorException e) {
        problems.add(Problem.of(e));
      }
    }
    return problems;
  }

  private static List<Draft> drafts(List<TablePlan> tables, Predicate<String> exists) {
    List<Draft> drafts = new ArrayList<>();
    for (TablePlan plan : tables) {
      Schema schema = LakeSchema.of(plan.layout());
      PartitionSpec partitions = LakeSchema.partitions(plan.spec(), schema);
      drafts.add(new Draft(plan.name(), exists.test(plan.name()), schema, partitions));
    }
    for (OwnTable own : OwnTable.values()) {
      String name = own.tableName();
      drafts.add(new Draft(name, exists.test(name), own.schema(), own.partitionSpec()));
    }
    boolean related = exists.test(RelationshipTable.NAME);
    if (related || RelationshipTable.wanted(specs(tables))) {
      drafts.add(
          new Draft(
              RelationshipTable.NAME,
              related,
              RelationshipTable.SCHEMA,
              PartitionSpec.unpartitioned()));
    }
    return drafts;
  }

  private static List<TableSpec> specs(List<TablePlan> tables) {
    return tables.stream().map(TablePlan::spec).toList();
  }

  /** What speaks against the tables that exist; reads only. */
  public List<Problem> problems(List<TablePlan> tables) {
    List<Problem> problems = new ArrayList<>();
    boolean committed = false;
    for (TablePlan plan : tables) {
      LakeSchema.partitions(plan.spec(), LakeSchema.of(plan.layout()));
      Optional<Table> table = catalog.find(plan.name());
      problems.addAll(
          ColumnNames.problems(plan.layout(), table.map(Table::schema).orElseGet(Schema::new)));
      committed |= table.filter(found -> TableHistory.of(found).epoch() > 0).isPresent();
      table.ifPresent(
          found ->
              problems.addAll(
                  new TableFit(mirror, plan.name(), found).problems(plan, onHistoryLost)));
    }
    for (OwnTable own : OwnTable.values()) {
      Optional<Table> table = catalog.find(own.tableName());
      if (own == OwnTable.TOMBSTONES && committed && table.isEmpty()) {
        problems.add(withoutTombstones());
      }
      table.ifPresent(
          found ->
              problems.addAll(new TableFit(mirror, own.tableName(), found).problemsOfOwn(own)));
    }
    catalog
        .find(RelationshipTable.NAME)
        .ifPresent(found -> problems.addAll(RelationshipTable.problems(mirror, found)));
    return problems;
  }

  private static Problem withoutTombstones() {
    return Problem.of(
        ErrorCode.TABLE_DOES_NOT_FIT,
        OwnTable.TOMBSTONES.tableName(),
        "it is missing beside tables with rows, so that nobody knows what was deleted from them",
        "Restore it, or drop the mirrored tables too, to mirror them from their beginning.");
  }

  /**
   * Creates the namespace and every table that is missing, and adds columns that are new in the
   * source.
   *
   * @throws MirrorException or {@link ProblemsException} for what speaks against it
   */
  public void prepare(List<TablePlan> tables) {
    refuse(problems(tables));
    catalog.createNamespace();
    for (OwnTable own : OwnTable.values()) {
      // Whoever may write there need not be allowed to create.
      if (catalog.find(own.tableName()).isEmpty()) {
        Map<String, String> properties = properties();
        properties.put(TableProperties.PARQUET_PAGE_SIZE_BYTES, SMALL_PAGE_BYTES);
        catalog.create(own.tableName(), own.schema(), own.partitionSpec(), properties);
      }
    }
    Map<String, String> references = references(tables);
    for (TablePlan plan : tables) {
      prepare(plan);
      keepReferences(plan.name(), references.getOrDefault(plan.name(), ""));
    }
    new RelationshipTable(catalog, mirror).keep(specs(tables), properties());
    // Somebody else may have created a table at the same time.
    refuse(problems(tables));
  }

  static void refuse(List<Problem> problems) {
    if (problems.size() == 1) {
      Problem problem = problems.get(0);
      throw new MirrorException(
          problem.code(), problem.path(), problem.sentence(), problem.nextStep());
    }
    if (!problems.isEmpty()) {
      throw new ProblemsException("the lake", problems);
    }
  }

  private void prepare(TablePlan plan) {
    Optional<Table> existing = catalog.find(plan.name());
    if (existing.isPresent()) {
      followColumns(existing.get(), plan);
      keepFacts(existing.get(), plan);
      return;
    }
    Schema schema = LakeSchema.of(plan.layout());
    Map<String, String> properties = properties();
    properties.put(LakeKeys.SOURCE, plan.spec().source());
    properties.put(LakeKeys.SOURCE_IDENTITY, plan.identity().text());
    properties.put(LakeKeys.KEY, TableLaw.key(plan.layout()));
    properties.put(LakeKeys.VERSION, TableLaw.version(plan.layout()));
    catalog.create(plan.name(), schema, LakeSchema.partitions(plan.spec(), schema), properties);
  }

  private Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>(PROPERTIES);
    properties.put(LakeKeys.MIRROR, mirror);
    return properties;
  }

  /**
   * What speaks against going on from a state with these tables; reads only.
   *
   * @param tables all that the job would have: keys of a table that left may be in the state too
   * @param known those of which the state has a position
   * @param generation the start that wrote the state; {@link Long#MAX_VALUE} if it does not say
   */
  public static List<Problem> problemsOfState(
      LakeCatalog catalog, List<TablePlan> tables, List<TablePlan> known, long generation) {
    List<Problem> problems = new ArrayList<>();
    for (TablePlan plan : tables) {
      catalog
          .find(plan.name())
          .map(
              found -> {
                TableFit fit = new TableFit("", plan.name(), found);
                fit.checkTieOfState(plan, generation);
                if (known.contains(plan)) {
                  fit.checkCursorOfState(plan, generation);
                }
                return fit.found();
              })
          .ifPresent(problems::addAll);
    }
    return problems;
  }

  /**
   * The same for whoever does go on.
   *
   * @throws MirrorException or {@link ProblemsException} for what speaks against it
   */
  public static void requireFitOfState(
      LakeCatalog catalog, List<TablePlan> tables, List<TablePlan> known, long generation) {
    refuse(problemsOfState(catalog, tables, known, generation));
  }

  /** Keeps what key, cursor, timestamp and tie rule the tables have from this start on. */
  void keepLaw(List<TablePlan> tables, long generation) {
    for (TablePlan plan : tables) {
      Table table = catalog.load(plan.name());
      Map<String, String> changes = TableLaw.changes(table.properties(), plan, generation);
      if (!changes.isEmpty()) {
        UpdateProperties update = table.updateProperties();
        changes.forEach(update::set);
        update.commit();
      }
    }
  }

  /** Columns that are new, and types that hold more than before: the rest was refused. */
  private static void followColumns(Table table, TablePlan plan) {
    boolean fits =
        plan.layout().storedColumns().stream()
            .allMatch(
                column -> {
                  NestedField field = table.schema().findField(column.name());
                  return field != null && field.type().equals(LakeSchema.type(column.type()));
                });
    if (!fits) {
      SchemaFollower.change(table, table.updateSchema(), plan.layout());
    }
  }

  /**
   * Removes what an earlier run says of its rows and its troubles: it does not concern the next
   * one. It does concern that run, which may go on until another has taken over.
   *
   * @param names of tables that exist
   */
  void forgetRun(List<String> names) {
    names.forEach(name -> forgetRun(catalog.load(name)));
  }

  private static void forgetRun(Table table) {
    Map<String, String> properties = table.properties();
    if (properties.containsKey(LakeKeys.LAYOUTS) || properties.containsKey(LakeKeys.STOPPED)) {
      table.updateProperties().remove(LakeKeys.LAYOUTS).remove(LakeKeys.STOPPED).commit();
    }
  }

  /** What each table refers to, as JSON, by the table's name. */
  private static Map<String, String> references(List<TablePlan> tables) {
    Map<String, List<Object>> documents = new LinkedHashMap<>();
    for (LakeReference reference : LakeReference.of(specs(tables))) {
      documents
          .computeIfAbsent(reference.table(), table -> new ArrayList<>())
          .add(reference.document());
    }
    Map<String, String> texts = new LinkedHashMap<>();
    documents.forEach((table, document) -> texts.put(table, PropertyJson.write(document)));
    return texts;
  }

  private void keepReferences(String name, String wanted) {
    Table table = catalog.load(name);
    if (table.properties().getOrDefault(LakeKeys.RELATIONSHIPS, "").equals(wanted)) {
      return;
    }
    UpdateProperties update = table.updateProperties();
    if (wanted.isEmpty()) {
      update.remove(LakeKeys.RELATIONSHIPS);
    } else {
      update.set(LakeKeys.RELATIONSHIPS, wanted);
    }
    update.commit();
  }

  /** What later starts compare with; a table of an earlier release may not say all of it yet. */
  private static void keepFacts(Table table, TablePlan plan) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(LakeKeys.VERSION, TableLaw.version(plan.layout()));
    Identity inLake = SourceIdentity.of(table);
    boolean first = !inLake.known() || SourceIdentity.empty(table);
    if (first && plan.identity().known()) {
      facts.put(LakeKeys.SOURCE_IDENTITY, plan.identity().text());
    }
    facts.entrySet().removeAll(table.properties().entrySet());
    if (!facts.isEmpty()) {
      UpdateProperties update = table.updateProperties();
      facts.forEach(update::set);
      if (facts.containsKey(LakeKeys.SOURCE_IDENTITY)) {
        SourceIdentity.forgetNext(update);
      }
      update.commit();
    }
  }
}
