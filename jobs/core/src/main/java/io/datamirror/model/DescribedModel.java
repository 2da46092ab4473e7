package io.datamirror.model;

import io.datamirror.relate.LoadOrder;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.Lateness;
import io.datamirror.spec.OnBadRow;
import io.datamirror.spec.OnOrphan;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes tables of a spec out of descriptors, alone or on top of a model that has the columns. */
public final class DescribedModel {

  private final Map<String, DescribedSchema> schemas;
  private final List<String> notes;
  private final Map<String, TableSpec> tables = new LinkedHashMap<>();

  private DescribedModel(Map<String, DescribedSchema> schemas, List<String> notes) {
    this.schemas = schemas;
    this.notes = new ArrayList<>(notes);
  }

  /**
   * Tables that are read by their version, unless the warehouse has a feed of its own: descriptors
   * say nothing of how changes are found.
   *
   * @param schema the schema of the source that the tables are in; null if it is not known
   */
  public static Imported alone(
      Map<String, DescribedSchema> schemas,
      String schema,
      SpecDraft.Feeding feeding,
      List<String> notes) {
    DescribedModel model = new DescribedModel(schemas, notes);
    LakeNames names = new LakeNames(model.notes);
    for (DescribedSchema described : new TreeMap<>(schemas).values()) {
      if (described.primaryKey().isEmpty() || described.version().isEmpty()) {
        model.notes.add(described.name() + ": left out, since it has no key or no version");
      } else {
        model.tables.put(described.name(), plain(described, schema, feeding, names));
      }
    }
    return model.finish();
  }

  /** The tables of {@code base}, with what descriptors say of them. */
  public static Imported over(Imported base, Map<String, DescribedSchema> schemas) {
    DescribedModel model = new DescribedModel(schemas, base.notes());
    for (TableSpec table : base.tables()) {
      model.tables.put(model.placeOf(table), table);
    }
    for (DescribedSchema described : schemas.values()) {
      TableSpec table = model.tables.get(described.name());
      if (table == null) {
        model.notes.add(described.name() + ": no table of the source is called like this schema");
      } else {
        model.tables.put(described.name(), described(table, described));
      }
    }
    return model.finish();
  }

  /** The schema that a table is described by, or a name that no schema has. */
  private String placeOf(TableSpec table) {
    String none = "\u0000" + table.name();
    String schema = schemaOf(table).orElse(none);
    TableSpec other = tables.get(schema);
    if (other == null) {
      return schema;
    }
    notes.add(
        table.name()
            + ": "
            + schema
            + " does not describe it, since it describes "
            + other.name()
            + ", which is called alike");
    return none;
  }

  private Optional<String> schemaOf(TableSpec table) {
    String own = TableName.parse(table.source()).table().name();
    return schemas.keySet().stream()
        .filter(name -> name.equalsIgnoreCase(own) || name.equalsIgnoreCase(table.name()))
        .findFirst();
  }

  private static TableSpec plain(
      DescribedSchema described, String schema, SpecDraft.Feeding feeding, LakeNames names) {
    List<Identifier> parts = new ArrayList<>();
    if (schema != null) {
      parts.add(new Identifier(schema));
    }
    parts.add(new Identifier(described.name()));
    List<String> version = described.version();
    TableSpec table =
        new TableSpec(
            names.of(described.name(), described.name()),
            new TableName(parts).toString(),
            feeding == SpecDraft.Feeding.NATIVE ? FeedKind.NATIVE : FeedKind.INCREMENTAL,
            Behavior.RECORD,
            List.of(),
            version,
            null,
            null,
            null,
            feeding == SpecDraft.Feeding.NATIVE ? null : version.get(0),
            null,
            null,
            ColumnsSpec.ALL,
            List.of(),
            List.of(),
            OnSchemaChange.ADD_COLUMNS,
            OnBadRow.LEDGER,
            Lateness.FOREVER,
            TieRule.DELETE_WINS,
            0);
    return described(table, described);
  }

  private static TableSpec described(TableSpec table, DescribedSchema described) {
    boolean series = described.timestamp().isPresent();
    TableSpecs.Law law =
        new TableSpecs.Law(
            series ? Behavior.TIME_SERIES : table.behavior(),
            described.primaryKey().isEmpty() ? table.primaryKey() : described.primaryKey(),
            described.version().isEmpty() ? table.version() : described.version(),
            described.timestamp().orElse(table.timestamp()));
    boolean partitioned = !table.partitionBy().isEmpty();
    List<PartitionField> byDay = described.timestamp().map(SpecDraft::byDay).orElse(List.of());
    return TableSpecs.with(
        table, law, partitioned ? table.partitionBy() : byDay, table.relationships());
  }

  private Imported finish() {
    List<TableSpec> related = new ArrayList<>();
    tables.forEach((name, table) -> related.add(related(schemas.get(name), table)));
    return new Imported(LoadOrder.of(related), notes);
  }

  private TableSpec related(DescribedSchema described, TableSpec table) {
    if (described == null) {
      return table;
    }
    List<RelationshipSpec> relationships = new ArrayList<>(table.relationships());
    for (DescribedSchema.Reference reference : described.references()) {
      TableSpec referenced = tables.get(reference.schema());
      if (referenced == null) {
        notes.add(
            described.name()
                + ": the relationship of "
                + String.join(", ", reference.columns())
                + " is left out: "
                + reference.schema()
                + " is not mirrored");
        continue;
      }
      List<String> columns =
          reference.referencedColumns().isEmpty()
              ? referenced.primaryKey()
              : reference.referencedColumns();
      if (columns.size() != reference.columns().size()) {
        notes.add(
            described.name()
                + ": the relationship of "
                + String.join(", ", reference.columns())
                + " is left out: it refers to another number of columns");
        continue;
      }
      RelationshipSpec relationship =
          new RelationshipSpec(
              reference.columns(),
              referenced.name(),
              columns,
              reference.cardinality(),
              OnOrphan.REPORT);
      // What the database says by a foreign key, descriptors say better.
      relationships.removeIf(
          known ->
              known.columns().equals(relationship.columns())
                  && known.table().equals(relationship.table()));
      relationships.add(relationship);
    }
    return TableSpecs.withRelationships(table, relationships);
  }
}
