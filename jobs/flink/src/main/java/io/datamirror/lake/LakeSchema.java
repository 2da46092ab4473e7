package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.Transform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** What a mirrored table looks like in Iceberg. */
public final class LakeSchema {

  private LakeSchema() {}

  /** The schema of a new table: the key columns are required and identify a row. */
  public static Schema of(ChangeLayout layout) {
    List<NestedField> fields = new ArrayList<>();
    Set<Integer> identifiers = new HashSet<>();
    List<Integer> key = layout.storedKey();
    List<Column> columns = layout.storedColumns();
    for (int i = 0; i < columns.size(); i++) {
      int id = i + 1;
      Type type = type(columns.get(i).type());
      String name = columns.get(i).name();
      boolean identifier = key.contains(i);
      fields.add(
          identifier ? NestedField.required(id, name, type) : NestedField.optional(id, name, type));
      if (identifier) {
        identifiers.add(id);
      }
    }
    return new Schema(fields, identifiers);
  }

  /**
   * The stored columns of {@code layout}, in its order and of its types, with the field numbers of
   * an existing table: the schema that rows are written and read with. A type may be narrower than
   * the table's, of a row that was read before its column was widened.
   */
  static Schema asLaidOut(Schema existing, ChangeLayout layout) {
    List<NestedField> fields =
        layout.storedColumns().stream().map(column -> field(existing, column)).toList();
    return new Schema(fields, existing.identifierFieldIds());
  }

  private static NestedField field(Schema existing, Column column) {
    NestedField field = existing.findField(column.name());
    return NestedField.from(field).ofType(type(column.type())).build();
  }

  /**
   * Looks whether the rows of an existing table can be read as those of {@code layout}.
   *
   * @throws MirrorException naming the first column that cannot
   */
  public static void requireReadable(Schema existing, ChangeLayout layout) {
    for (Column column : layout.storedColumns()) {
      NestedField field = existing.findField(column.name());
      Type wanted = type(column.type());
      if (field == null || field.type().typeId() != wanted.typeId()) {
        throw new MirrorException(
            ErrorCode.TABLE_DOES_NOT_FIT,
            layout.table(),
            field == null
                ? "the source has a column " + column.name() + " that the lake has not"
                : "its column " + column.name() + " is " + field.type() + ", not " + wanted,
            "Run the mirror, so that the lake follows the source, or says why it cannot; a column"
                + " that was renamed in the source keeps its name in the lake by columns.rename.");
      }
    }
  }

  /** The names of the columns that are the key. */
  static Set<String> key(ChangeLayout layout) {
    return layout.key().stream()
        .map(column -> layout.columns().get(column).name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether the identifier fields of a table are the key. */
  static boolean keyedAs(Table table, ChangeLayout layout) {
    return key(layout).equals(table.schema().identifierFieldNames());
  }

  /** Whether a table, and every file that it holds, has the partitions that the spec asks for. */
  static boolean partitionedAs(Table table, TableSpec spec) {
    return partitionedAs(table, spec.name(), partitions(spec, table.schema()));
  }

  /** The same for one of the mirror's own tables. */
  static boolean partitionedAs(Table table, OwnTable own) {
    return partitionedAs(table, own.tableName(), own.partitionSpec());
  }

  private static boolean partitionedAs(Table table, String name, PartitionSpec wanted) {
    return table.spec().compatibleWith(wanted)
        && PartitionChange.takes(table, name, table.spec().specId());
  }

  /** The partitions that the spec asks for. */
  public static PartitionSpec partitions(TableSpec table, Schema schema) {
    PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
    for (PartitionField field : table.partitionBy()) {
      String column = table.columns().lakeName(field.column());
      if (schema.findField(column) == null) {
        throw new MirrorException(
            ErrorCode.MISSING_COLUMN,
            table.name(),
            "it cannot be partitioned by " + field + ": the column is not stored",
            "Partition by a column that is stored, or store this one.");
      }
      requireValues(table, schema, field, column);
      requireFit(table, schema, field, column);
      add(builder, field, column);
    }
    return builder.build();
  }

  /** A partition of what is not a number can be written and not be read. */
  private static void requireValues(
      TableSpec table, Schema schema, PartitionField field, String column) {
    Type.TypeID type = schema.findType(column).typeId();
    boolean floating = type == Type.TypeID.FLOAT || type == Type.TypeID.DOUBLE;
    if (floating && field.transform() == Transform.IDENTITY) {
      throw new MirrorException(
          ErrorCode.CONTRADICTION,
          table.name(),
          "it cannot be partitioned by "
              + field
              + ": a floating-point number may be none, such as NaN, and such a partition cannot be"
              + " read",
          "Partition by another column, or store this one as a decimal; a table that is in the lake"
              + " keeps its partitions: choose another name for it.");
    }
  }

  /** Whether a transform fits its column is known only when partitions are built with it. */
  private static void requireFit(
      TableSpec table, Schema schema, PartitionField field, String column) {
    // Without the other columns, whose names are another matter.
    PartitionSpec.Builder alone = PartitionSpec.builderFor(new Schema(schema.findField(column)));
    try {
      add(alone, field, column);
      requireFreeName(table, schema, field, alone.build().fields().get(0).name());
    } catch (IllegalArgumentException | ValidationException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.CONTRADICTION,
          table.name(),
          "it cannot be partitioned by " + field + ": the column's type does not allow it",
          "Choose a transform that fits the column.");
    }
  }

  /** A partition has a name of its own, as a column has, unless it is a column as it is. */
  private static void requireFreeName(
      TableSpec table, Schema schema, PartitionField field, String name) {
    if (field.transform() != Transform.IDENTITY && schema.findField(name) != null) {
      throw new MirrorException(
          ErrorCode.BAD_NAME,
          table.name(),
          "the column " + name + " has the name of the partition " + field,
          "Give the column another one with columns: { rename: … }, or exclude it.");
    }
  }

  private static void add(PartitionSpec.Builder builder, PartitionField field, String column) {
    switch (field.transform()) {
      case IDENTITY -> builder.identity(column);
      case BUCKET -> builder.bucket(column, field.width());
      case TRUNCATE -> builder.truncate(column, field.width());
      case YEAR -> builder.year(column);
      case MONTH -> builder.month(column);
      case DAY -> builder.day(column);
      case HOUR -> builder.hour(column);
    }
  }

  static Type type(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Types.BooleanType.get();
      case INT -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case FLOAT -> Types.FloatType.get();
      case DOUBLE -> Types.DoubleType.get();
      case DECIMAL -> Types.DecimalType.of(type.precision(), type.scale());
      case DATE -> Types.DateType.get();
      case TIME -> Types.TimeType.get();
      case TIMESTAMP -> Types.TimestampType.withoutZone();
      case TIMESTAMP_WITH_ZONE -> Types.TimestampType.withZone();
      case STRING -> Types.StringType.get();
      case BINARY -> Types.BinaryType.get();
    };
  }
}
