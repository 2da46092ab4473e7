package io.datamirror.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** The columns of a workload as Iceberg has them. */
final class IcebergSchema {

  private IcebergSchema() {}

  static Schema of(List<BenchColumn> columns) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (BenchColumn column : columns) {
      int id = fields.size() + 1;
      Type type = type(column.kind());
      fields.add(
          id == 1
              ? Types.NestedField.required(id, column.name(), type)
              : Types.NestedField.optional(id, column.name(), type));
    }
    return new Schema(fields, Set.of(1));
  }

  private static Type type(ColumnKind kind) {
    return switch (kind) {
      case LONG -> Types.LongType.get();
      case INT -> Types.IntegerType.get();
      case DOUBLE -> Types.DoubleType.get();
      case DECIMAL -> Types.DecimalType.of(12, 2);
      case STRING -> Types.StringType.get();
      case TIMESTAMP -> Types.TimestampType.withoutZone();
      case BOOLEAN -> Types.BooleanType.get();
      case DATE -> Types.DateType.get();
    };
  }
}
