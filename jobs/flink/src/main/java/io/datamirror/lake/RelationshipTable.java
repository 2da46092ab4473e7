package io.datamirror.lake;

import static org.apache.iceberg.types.Types.NestedField.required;

import io.datamirror.error.Problem;
import io.datamirror.relate.LakeReference;
import io.datamirror.resolve.Memory;
import io.datamirror.spec.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/**
 * The relationships of a mirror as rows that can be asked for: one for each pair of columns. It is
 * there only if the mirror has relationships, and is rewritten when they change.
 */
public final class RelationshipTable {

  /** The name in the lake. */
  public static final String NAME = "mirror_relationships";

  static final Schema SCHEMA =
      new Schema(
          required(1, "table_name", Types.StringType.get()),
          required(2, "relationship", Types.IntegerType.get()),
          required(3, "ordinal", Types.IntegerType.get()),
          required(4, "column_name", Types.StringType.get()),
          required(5, "referenced_table", Types.StringType.get()),
          required(6, "referenced_column", Types.StringType.get()),
          // CARDINALITY is a word of SQL.
          required(7, "multiplicity", Types.StringType.get()),
          required(8, "on_orphan", Types.StringType.get()));

  private final LakeCatalog catalog;
  private final String mirror;

  RelationshipTable(LakeCatalog catalog, String mirror) {
    this.catalog = catalog;
    this.mirror = mirror;
  }

  /** Whether the table is needed. */
  static boolean wanted(List<TableSpec> tables) {
    return !LakeReference.of(tables).isEmpty();
  }

  /** What speaks against the table that is there. */
  static List<Problem> problems(String mirror, Table table) {
    return new TableFit(mirror, NAME, table).problemsOfOwn(SCHEMA);
  }

  /**
   * Makes the table say what the spec says.
   *
   * @param properties of the table, should it be created
   */
  void keep(List<TableSpec> tables, Map<String, String> properties) {
    List<List<Object>> wanted = rows(LakeReference.of(tables));
    Optional<Table> existing = catalog.find(NAME);
    if (existing.isEmpty() && wanted.isEmpty()) {
      return;
    }
    Table table =
        existing.orElseGet(
            () -> catalog.create(NAME, SCHEMA, PartitionSpec.unpartitioned(), properties));
    // Somebody else may have created it at the same time.
    LakeTables.refuse(problems(mirror, table));
    if (!Set.copyOf(wanted).equals(found(table))) {
      replace(table, wanted);
    }
  }

  private static List<List<Object>> rows(List<LakeReference> references) {
    List<List<Object>> rows = new ArrayList<>();
    String table = "";
    int number = 0;
    for (LakeReference reference : references) {
      number = reference.table().equals(table) ? number + 1 : 1;
      table = reference.table();
      for (int i = 0; i < reference.columns().size(); i++) {
        rows.add(
            List.of(
                table,
                number,
                i + 1,
                reference.columns().get(i),
                reference.referencedTable(),
                reference.referencedColumns().get(i),
                reference.cardinality().text(),
                reference.onOrphan().text()));
      }
    }
    return rows;
  }

  private static Set<List<Object>> found(Table table) {
    Set<List<Object>> rows = new HashSet<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record row : records) {
        List<Object> values = new ArrayList<>();
        SCHEMA.columns().forEach(field -> values.add(row.getField(field.name())));
        rows.add(values);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static void replace(Table table, List<List<Object>> rows) {
    TableFiles files = new TableFiles(LakeTable.own(table), 0, 0);
    for (List<Object> row : rows) {
      Object[] values =
          row.stream()
              .map(value -> value instanceof String text ? StringData.fromString(text) : value)
              .toArray();
      files.insert(GenericRowData.of(values), Memory.NO_PARTITION);
    }
    Transaction transaction = LookingOperations.of(table).transaction(table.name());
    OverwriteFiles overwrite =
        transaction.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue());
    files.drainDataFiles().forEach(overwrite::addFile);
    overwrite.commit();
    transaction.commitTransaction();
  }
}
