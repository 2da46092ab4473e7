package io.datamirror.bench;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;

/** Rows of a workload by the typed getters of JDBC. Its columns are never null. */
final class GetterRows {

  private static final int DECIMAL_PRECISION = 12;
  private static final int DECIMAL_SCALE = 2;

  private final List<BenchColumn> columns;

  GetterRows(List<BenchColumn> columns) {
    this.columns = columns;
  }

  /** The operation, then the columns, in order of arrival. */
  String query(String table) {
    return columns.stream()
        .map(column -> "\"" + column.name() + "\"")
        .collect(Collectors.joining(", ", "SELECT op, ", " FROM " + table + " ORDER BY seq"));
  }

  RowData row(ResultSet rows) throws SQLException {
    GenericRowData row = new GenericRowData(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      row.setField(i, value(rows, i + 2, columns.get(i).kind()));
    }
    return row;
  }

  private static Object value(ResultSet rows, int index, ColumnKind kind) throws SQLException {
    return switch (kind) {
      case LONG -> rows.getLong(index);
      case INT -> rows.getInt(index);
      case DOUBLE -> rows.getDouble(index);
      case DECIMAL ->
          DecimalData.fromBigDecimal(rows.getBigDecimal(index), DECIMAL_PRECISION, DECIMAL_SCALE);
      case STRING -> StringData.fromString(rows.getString(index));
      case TIMESTAMP -> TimestampData.fromLocalDateTime(rows.getObject(index, LocalDateTime.class));
      case BOOLEAN -> rows.getBoolean(index);
      case DATE -> (int) rows.getObject(index, LocalDate.class).toEpochDay();
    };
  }
}
