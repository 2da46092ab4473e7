package io.datamirror.table;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DateType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.FloatType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** What the types that columns were declared with in SQL are to the mirror. */
final class DeclaredTypes {

  private static final int MOST_DIGITS_OF_SECOND = 6;

  private final Map<String, ColumnType> columns = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param key the columns of the primary key: they alone are never null
   */
  DeclaredTypes(RowType row, List<String> key) {
    for (RowType.RowField field : row.getFields()) {
      ColumnType type = of(field.getType());
      if (type == null) {
        report(
            field,
            "the type " + field.getType().asSummaryString() + " cannot be read from a source",
            "Declare it as " + instead(field.getType()) + ", and cast it in the query.");
      } else if (!field.getType().isNullable() && !key.contains(field.getName())) {
        report(
            field,
            "it is declared NOT NULL",
            "Take that out: of a deleted row, the columns of the primary key alone are known.");
      } else if (key.contains(field.getName()) && cutsKeys(field.getType())) {
        report(
            field,
            "it is in the primary key and keeps fewer digits of a second than a source may have, so"
                + " that two rows would become one",
            "Declare it with a precision of 6.");
      }
      columns.put(field.getName(), type == null ? ColumnType.of(Kind.STRING) : type);
    }
  }

  private void report(RowType.RowField field, String sentence, String nextStep) {
    problems.add(
        Problem.of(ErrorCode.UNSUPPORTED_COLUMN_TYPE, field.getName(), sentence, nextStep));
  }

  /** The columns in their order. */
  Map<String, ColumnType> columns() {
    return Collections.unmodifiableMap(columns);
  }

  /** What is wrong with them. */
  List<Problem> problems() {
    return Collections.unmodifiableList(problems);
  }

  private static ColumnType of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> ColumnType.of(Kind.BOOLEAN);
      case INTEGER -> ColumnType.of(Kind.INT);
      case BIGINT -> ColumnType.of(Kind.LONG);
      case FLOAT -> ColumnType.of(Kind.FLOAT);
      case DOUBLE -> ColumnType.of(Kind.DOUBLE);
      case DECIMAL -> decimal((DecimalType) type);
      case DATE -> ColumnType.of(Kind.DATE);
      case TIME_WITHOUT_TIME_ZONE -> ColumnType.of(Kind.TIME);
      case TIMESTAMP_WITHOUT_TIME_ZONE -> ColumnType.of(Kind.TIMESTAMP);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> ColumnType.of(Kind.TIMESTAMP_WITH_ZONE);
      case VARCHAR -> endless(((VarCharType) type).getLength()) ? ColumnType.of(Kind.STRING) : null;
      case VARBINARY ->
          endless(((VarBinaryType) type).getLength()) ? ColumnType.of(Kind.BINARY) : null;
      default -> null;
    };
  }

  private static boolean cutsKeys(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          LogicalTypeChecks.getPrecision(type) < MOST_DIGITS_OF_SECOND;
      default -> false;
    };
  }

  private static ColumnType decimal(DecimalType type) {
    return ColumnType.decimal(type.getPrecision(), type.getScale());
  }

  /** Texts are not cut, nor refused for their length: a type that promises a length would lie. */
  private static boolean endless(int length) {
    return length == Integer.MAX_VALUE;
  }

  private static String instead(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case TINYINT, SMALLINT -> "INT";
      case BINARY, VARBINARY -> "BYTES";
      default -> "STRING";
    };
  }

  /** The type of Flink that holds what the source's rows hold. */
  static LogicalType stored(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> new BooleanType();
      case INT -> new IntType();
      case LONG -> new BigIntType();
      case FLOAT -> new FloatType();
      case DOUBLE -> new DoubleType();
      case DECIMAL -> new DecimalType(type.precision(), type.scale());
      case DATE -> new DateType();
      case TIME -> new TimeType(3);
      case TIMESTAMP -> new TimestampType(6);
      case TIMESTAMP_WITH_ZONE -> new LocalZonedTimestampType(6);
      case STRING -> VarCharType.STRING_TYPE;
      case BINARY -> new VarBinaryType(VarBinaryType.MAX_LENGTH);
    };
  }
}
