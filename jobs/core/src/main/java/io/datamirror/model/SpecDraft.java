package io.datamirror.model;

import io.datamirror.change.ColumnType;
import io.datamirror.relate.LoadOrder;
import io.datamirror.relate.RelationshipRules;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.Cardinality;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.Lateness;
import io.datamirror.spec.OnBadRow;
import io.datamirror.spec.OnOrphan;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import io.datamirror.spec.Transform;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes tables of a spec out of tables that somebody else describes.
 *
 * <p>Where the warehouse keeps a feed of its own, every table with a key is read by that.
 * Elsewhere, a table that has a table of changes beside it (one with the column {@code
 * _change_request_type}) is read from that, after the table itself where that can be; any other by
 * the column that says when its rows changed. What has neither, or no key, is left out and noted.
 */
public final class SpecDraft {

  private static final List<String> CHANGE_SUFFIXES =
      List.of("_changes", "_change", "_cdc", "_log");
  private static final String COMMIT_TIMESTAMP = "_commit_timestamp";

  /** How the changes of tables are found. */
  public enum Feeding {
    /** By a table of changes, or by a column that says when a row changed. */
    BY_COLUMN,
    /** By the feed that the warehouse keeps itself. */
    NATIVE;

    /** What a source of this type has. */
    public static Feeding of(SourceType type) {
      return switch (type) {
        case SNOWFLAKE, DATABRICKS, BIGQUERY -> NATIVE;
        case JDBC, KAFKA, FILES -> BY_COLUMN;
      };
    }
  }

  private final Feeding feeding;
  private final List<String> notes;
  private final LakeNames names;
  private final Map<String, TableSpec> drafts = new LinkedHashMap<>();
  private final Map<String, TableModel> models = new HashMap<>();

  private SpecDraft(Feeding feeding, List<String> notes) {
    this.feeding = feeding;
    this.notes = new ArrayList<>(notes);
    this.names = new LakeNames(this.notes);
  }

  /**
   * The spec's tables.
   *
   * @param notes what was noted before
   */
  public static Imported of(List<TableModel> tables, Feeding feeding, List<String> notes) {
    return new SpecDraft(feeding, notes).draft(tables);
  }

  private Imported draft(List<TableModel> tables) {
    List<TableModel> sorted =
        tables.stream().sorted(Comparator.comparing(table -> table.name().toString())).toList();
    Map<String, TableModel> changes = new HashMap<>();
    if (feeding == Feeding.NATIVE) {
      sorted.forEach(table -> add(table, ownFeed(table)));
      return related();
    }
    sorted.stream()
        .filter(table -> operation(table).isPresent())
        .forEach(table -> addChanges(changes, table));
    for (TableModel table : sorted) {
      if (operation(table).isEmpty()) {
        TableModel changeTable = changes.remove(folded(table));
        add(table, changeTable == null ? incremental(table) : changes(table, changeTable));
      }
    }
    sorted.stream()
        .filter(changes::containsValue)
        .forEach(table -> add(table, changes(table, table)));
    return related();
  }

  private void addChanges(Map<String, TableModel> changes, TableModel table) {
    TableModel first = changes.putIfAbsent(baseName(table), table);
    if (first != null) {
      notes.add(
          table.name()
              + ": left out, since "
              + first.name()
              + " has the changes of the same table");
    }
  }

  private Imported related() {
    List<TableSpec> related =
        drafts.entrySet().stream().map(entry -> related(entry.getKey(), entry.getValue())).toList();
    return new Imported(LoadOrder.of(related), notes);
  }

  private void add(TableModel model, Optional<TableSpec> draft) {
    draft.ifPresent(
        table -> {
          drafts.put(model.name().toString(), table);
          models.put(model.name().toString(), model);
        });
  }

  private static Optional<ColumnModel> operation(TableModel table) {
    Optional<ColumnModel> exact = table.column(TableSpec.DEFAULT_OPERATION);
    return exact.isPresent() ? exact : operationInOtherCase(table);
  }

  private static Optional<ColumnModel> operationInOtherCase(TableModel table) {
    return table.columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(TableSpec.DEFAULT_OPERATION))
        .findFirst();
  }

  private static String folded(TableModel table) {
    return table.name().toString().toLowerCase(Locale.ROOT);
  }

  private static String baseName(TableModel table) {
    String name = folded(table);
    return CHANGE_SUFFIXES.stream()
        .filter(name::endsWith)
        .map(suffix -> name.substring(0, name.length() - suffix.length()))
        .findFirst()
        .orElse(name);
  }

  private Optional<TableSpec> ownFeed(TableModel table) {
    return table.primaryKey().isEmpty()
        ? leftOut(table, "it has no primary key")
        : keyed(table, table, null, null);
  }

  private Optional<TableSpec> incremental(TableModel table) {
    Optional<ColumnModel> version = VersionColumn.of(table);
    if (table.primaryKey().isEmpty()) {
      return leftOut(table, "it has no primary key");
    }
    if (version.isEmpty()) {
      return leftOut(
          table,
          "no column says when a row changed: add one, such as updated_at or version, or a table of"
              + " changes");
    }
    if (!version.get().notNull()) {
      notes.add(
          table.name()
              + ": rows whose "
              + version.get().name()
              + " is NULL are never read: declare it NOT NULL");
    }
    return keyed(table, table, version.get().name(), null);
  }

  private Optional<TableSpec> changes(TableModel base, TableModel changes) {
    List<String> key = base.equals(changes) ? List.of() : base.primaryKey();
    if (key.isEmpty() || !key.stream().allMatch(column -> changes.column(column).isPresent())) {
      return leftOut(
          changes, "it has changes of a table whose primary key is not known: write it yourself");
    }
    Optional<ColumnModel> cursor =
        changes.columns().stream()
            .filter(column -> column.origin() == ColumnModel.Origin.COUNTED)
            .findFirst()
            .or(() -> soleKey(changes));
    if (cursor.isEmpty()) {
      return leftOut(changes, "no column of it counts the changes: write its cursor yourself");
    }
    String version = VersionColumn.of(changes).map(ColumnModel::name).orElse(null);
    return keyed(base, changes, version, cursor.get().name());
  }

  private static Optional<ColumnModel> soleKey(TableModel table) {
    return table.primaryKey().size() == 1
        ? table.column(table.primaryKey().get(0))
        : Optional.empty();
  }

  private Optional<TableSpec> leftOut(TableModel table, String reason) {
    notes.add(table.name() + ": left out, since " + reason);
    return Optional.empty();
  }

  /**
   * @param base what has the key
   * @param read what is read: the base itself, or its table of changes
   * @param cursor null if it is the version
   */
  private Optional<TableSpec> keyed(
      TableModel base, TableModel read, String version, String cursor) {
    for (String column : base.primaryKey()) {
      Optional<ColumnModel> declared = read.column(column);
      if (declared.isEmpty()) {
        return leftOut(base, "its key column " + column + " is none of its columns");
      }
      if (!declared.get().stored().keyable()) {
        return leftOut(base, "its key column " + column + " is a floating-point number");
      }
    }
    Optional<String> time = base.equals(read) ? timeInKey(base) : Optional.empty();
    ColumnsSpec columns = columns(read, version, cursor);
    return Optional.of(
        new TableSpec(
            names.of(base.name()),
            read.name().toString(),
            feed(base, read),
            time.isPresent() ? Behavior.TIME_SERIES : Behavior.RECORD,
            base.primaryKey(),
            version == null ? List.of() : List.of(version),
            time.or(() -> commitTime(read)).orElse(null),
            control(base, read),
            null,
            cursor == null ? version : cursor,
            null,
            snapshot(base, read, version, columns),
            columns,
            time.map(SpecDraft::byDay).orElse(List.of()),
            List.of(),
            OnSchemaChange.ADD_COLUMNS,
            OnBadRow.LEDGER,
            Lateness.FOREVER,
            TieRule.DELETE_WINS,
            0));
  }

  private FeedKind feed(TableModel base, TableModel read) {
    return switch (feeding) {
      case NATIVE -> FeedKind.NATIVE;
      case BY_COLUMN -> base.equals(read) ? FeedKind.INCREMENTAL : FeedKind.CHANGE_TABLE;
    };
  }

  /** A name that differs from the default in case alone is another name to the database. */
  private static String control(TableModel base, TableModel read) {
    return base.equals(read)
        ? null
        : operation(read)
            .map(ColumnModel::name)
            .filter(name -> !name.equals(TableSpec.DEFAULT_OPERATION))
            .orElse(null);
  }

  private String snapshot(TableModel base, TableModel read, String version, ColumnsSpec columns) {
    if (base.equals(read)) {
      return null;
    }
    Optional<String> missing = BaseFit.missing(base, read, version, columns);
    missing.ifPresent(
        advice ->
            notes.add(base.name() + ": rows from before the first change are not read: " + advice));
    return missing.isPresent() ? null : base.name().toString();
  }

  static List<PartitionField> byDay(String column) {
    return List.of(new PartitionField(Transform.DAY, 0, column));
  }

  /** A time in the key makes events of the rows. */
  private static Optional<String> timeInKey(TableModel table) {
    return table.primaryKey().stream()
        .filter(column -> isTime(table.column(column).orElseThrow().stored()))
        .findFirst();
  }

  private static Optional<String> commitTime(TableModel table) {
    return table.columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(COMMIT_TIMESTAMP))
        .filter(column -> isTime(column.stored()))
        .map(ColumnModel::name)
        .findFirst();
  }

  private static boolean isTime(ColumnType type) {
    return switch (type.kind()) {
      case TIMESTAMP, TIMESTAMP_WITH_ZONE -> true;
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, DECIMAL, DATE, TIME, STRING, BINARY -> false;
    };
  }

  /** Of a table of changes, what only says how it is read is not stored. */
  private ColumnsSpec columns(TableModel read, String version, String cursor) {
    List<String> excluded = new ArrayList<>();
    if (cursor != null && version != null && !cursor.equals(version)) {
      excluded.add(cursor);
    }
    if (cursor != null) {
      commitTime(read).filter(column -> !column.equals(version)).ifPresent(excluded::add);
    }
    Map<String, ColumnType> casts = new LinkedHashMap<>();
    for (ColumnModel column : read.columns()) {
      boolean control = column.name().equalsIgnoreCase(TableSpec.DEFAULT_OPERATION);
      if (column.type().isEmpty() && !control && !excluded.contains(column.name())) {
        casts.put(column.name(), column.cast());
        notes.add(
            read.name()
                + "."
                + column.name()
                + ": its type "
                + column.typeName()
                + " has no counterpart in the lake, and is cast to "
                + column.cast());
      }
    }
    return new ColumnsSpec(List.of(), excluded, Map.of(), casts);
  }

  private TableSpec related(String name, TableSpec draft) {
    TableModel model = models.get(name);
    List<RelationshipSpec> relationships = new ArrayList<>();
    for (ForeignKey foreignKey : model.foreignKeys()) {
      relationship(model, draft, foreignKey).ifPresent(relationships::add);
    }
    return TableSpecs.withRelationships(draft, relationships);
  }

  private Optional<RelationshipSpec> relationship(
      TableModel model, TableSpec draft, ForeignKey foreignKey) {
    String shown = String.join(", ", foreignKey.columns());
    TableSpec referenced = drafts.get(foreignKey.referenced().toString());
    if (referenced == null) {
      return notRelated(model, shown, foreignKey.referenced() + ", which is not mirrored");
    }
    List<String> columns =
        foreignKey.referencedColumns().isEmpty()
            ? referenced.primaryKey()
            : foreignKey.referencedColumns();
    if (columns.size() != foreignKey.columns().size()) {
      return notRelated(model, shown, foreignKey.referenced() + " by another number of columns");
    }
    if (!foreignKey.columns().stream().allMatch(draft::stores)
        || !columns.stream().allMatch(referenced::stores)) {
      return notRelated(model, shown, foreignKey.referenced() + " by columns that are not stored");
    }
    Optional<String> unequal =
        unequal(model, foreignKey, models.get(foreignKey.referenced().toString()), columns);
    if (unequal.isPresent()) {
      return notRelated(model, shown, foreignKey.referenced() + unequal.get());
    }
    boolean always =
        foreignKey.columns().stream()
            .allMatch(column -> model.column(column).filter(ColumnModel::notNull).isPresent());
    boolean once = model.unique(foreignKey.columns());
    Cardinality cardinality =
        once
            ? always ? Cardinality.ONE_TO_ONE : Cardinality.ONE_TO_ZERO
            : always ? Cardinality.MANY_TO_ONE : Cardinality.MANY_TO_ZERO;
    return Optional.of(
        new RelationshipSpec(
            foreignKey.columns(), referenced.name(), columns, cardinality, OnOrphan.REPORT));
  }

  /** Why the columns of both sides can have no values in common. */
  private static Optional<String> unequal(
      TableModel model, ForeignKey foreignKey, TableModel referenced, List<String> columns) {
    for (int i = 0; i < columns.size(); i++) {
      Optional<ColumnModel> own = model.column(foreignKey.columns().get(i));
      Optional<ColumnModel> other = referenced.column(columns.get(i));
      if (own.isEmpty() || other.isEmpty()) {
        String missing = own.isEmpty() ? foreignKey.columns().get(i) : columns.get(i);
        return Optional.of(", and there is no column " + missing);
      }
      if (!RelationshipRules.comparable(own.get().stored(), other.get().stored())) {
        return Optional.of(
            ", whose "
                + columns.get(i)
                + " is "
                + other.get().stored()
                + " and never equals "
                + own.get().stored());
      }
    }
    return Optional.empty();
  }

  private Optional<RelationshipSpec> notRelated(TableModel model, String columns, String to) {
    notes.add(model.name() + ": the foreign key (" + columns + ") is left out: it refers to " + to);
    return Optional.empty();
  }
}
