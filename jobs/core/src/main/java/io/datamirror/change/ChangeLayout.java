package io.datamirror.change;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where the parts of a change stand among the columns that are read. All numbers are indexes into
 * {@link #columns}; -1 means that there is no such column.
 *
 * @param table the table's name in the lake
 * @param columns the columns that are read, in the order of the select list
 * @param key the primary key, in its declared order
 * @param version the version descriptor, in its declared order; empty when the feed's own position
 *     is the version
 * @param order the column that orders changes of equal version
 * @param time the timestamp descriptor
 * @param tie which of two changes of equal version and order wins
 */
public record ChangeLayout(
    String table,
    List<Column> columns,
    List<Integer> key,
    List<Integer> version,
    int order,
    int time,
    Tie tie)
    implements Serializable {

  /** Which of a delete and an upsert of equal version and order wins. */
  public enum Tie {
    DELETE_WINS,
    UPSERT_WINS
  }

  public ChangeLayout {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    version = List.copyOf(version);
  }

  /** The same layout, with these columns of the source read and not stored. */
  public ChangeLayout withoutStoring(Set<String> names) {
    List<Column> changed =
        columns.stream()
            .map(
                column ->
                    names.contains(column.source())
                        ? new Column(column.source(), null, column.type(), column.required())
                        : column)
            .toList();
    return new ChangeLayout(table, changed, key, version, order, time, tie);
  }

  /** The table's number inside key identities. */
  public int tableNumber() {
    return KeyId.tableNumber(table);
  }

  /** The columns that the lake stores, in order: the row of the table. */
  public List<Column> storedColumns() {
    return columns.stream().filter(Column::stored).toList();
  }

  /** For each column its place in the stored row, or -1. */
  public int[] storedPositions() {
    int[] positions = new int[columns.size()];
    int next = 0;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = columns.get(i).stored() ? next++ : -1;
    }
    return positions;
  }

  /** The places of the key columns in the stored row, in key order. */
  public List<Integer> storedKey() {
    int[] positions = storedPositions();
    List<Integer> stored = new ArrayList<>();
    key.forEach(column -> stored.add(positions[column]));
    return stored;
  }
}
