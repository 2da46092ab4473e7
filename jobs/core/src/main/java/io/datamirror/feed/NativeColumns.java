package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ColumnType;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is asked for of one table, and in which order: the columns of the layout, the operation, the
 * keyset.
 *
 * @param columns for each column of the layout, the source's; null for unit and time
 * @param unit the place of the commit unit in the layout
 * @param key the key columns as the source has them, in the order of the keyset
 */
record NativeColumns(
    Warehouse warehouse,
    TableName table,
    ChangeLayout layout,
    List<SourceColumn> columns,
    int unit,
    List<SourceColumn> key)
    implements Serializable {

  NativeColumns {
    columns = Collections.unmodifiableList(new ArrayList<>(columns));
    key = List.copyOf(key);
  }

  static NativeColumns of(
      Warehouse warehouse,
      SourceTable source,
      ChangeLayout layout,
      int unit,
      List<SourceColumn> key) {
    List<SourceColumn> columns = new ArrayList<>();
    layout.columns().forEach(column -> columns.add(source.column(column.source()).orElse(null)));
    return new NativeColumns(warehouse, source.name(), layout, columns, unit, key);
  }

  /** Everything that a reader selects of a slice, up to FROM and what is read. */
  SqlText.Builder select(Slice slice) {
    SqlText.Builder sql = SqlText.in(warehouse.dialect());
    return from(list(sql, slice).text(" FROM "), slice);
  }

  /** Adds a selection of everything that is read of a snapshot, from the table as it is now. */
  SqlText.Builder selectNow(SqlText.Builder sql) {
    Slice any = new Slice(Chunk.Part.SNAPSHOT, 0, 0, "", "");
    return list(sql, any).text(" FROM ").name(table);
  }

  private SqlText.Builder list(SqlText.Builder sql, Slice slice) {
    sql.text("SELECT ");
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        sql.text(", ");
      }
      column(sql, i, slice);
    }
    switch (slice.part()) {
      case CHANGES -> warehouse.operation(sql.text(", "));
      case SNAPSHOT -> {}
    }
    for (int i = 0; i < key.size(); i++) {
      key(sql.text(", "), key.get(i));
      // Two columns of one name could not be told apart in ORDER BY.
      sql.text(" AS ").name(new Identifier("mirror_key_" + i));
    }
    return sql;
  }

  /** Where a spec casts an instant to text, its texts are the keys, and each is one of its own. */
  private void key(SqlText.Builder sql, SourceColumn column) {
    boolean text =
        layout.columns().stream()
            .filter(read -> read.source().equals(column.name().name()))
            .anyMatch(read -> read.type().kind() == ColumnType.Kind.STRING);
    if (text) {
      warehouse.select(sql, column);
    } else {
      warehouse.selectInstant(sql, column);
    }
  }

  /** What is read. */
  SqlText.Builder from(SqlText.Builder sql, Slice slice) {
    switch (slice.part()) {
      case CHANGES -> warehouse.changes(sql, table, slice.from(), slice.to());
      case SNAPSHOT -> warehouse.snapshot(sql, table, slice.to());
    }
    return sql;
  }

  private void column(SqlText.Builder sql, int index, Slice slice) {
    if (columns.get(index) != null) {
      warehouse.select(sql, columns.get(index));
    } else if (index == unit) {
      switch (slice.part()) {
        case CHANGES -> warehouse.unit(sql, slice.to());
        case SNAPSHOT -> sql.literal(warehouse.snapshotUnit(slice.to()));
      }
    } else {
      switch (slice.part()) {
        case CHANGES -> warehouse.time(sql, slice.to());
        case SNAPSHOT -> warehouse.snapshotTime(sql, slice.to());
      }
    }
  }
}
