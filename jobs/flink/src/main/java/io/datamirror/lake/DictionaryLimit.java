package io.datamirror.lake;

import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;

/**
 * How large the dictionary of a column may become in the files of a table that are opened now.
 *
 * <p>Parquet puts the values of every column into a dictionary first, and finds out at the end of a
 * page whether that was worth it: if not, all values are written a second time. With the limit of 2
 * MiB that holds otherwise, a file of a few thousand rows ends before a dictionary of values that
 * are all different is too large, and a third of what the file costs goes into that. A dictionary
 * of more than two bytes for each row is mostly one of values that seldom come again, so that is
 * the limit where it is known how many rows there are at most. One thread at a time.
 */
final class DictionaryLimit {

  private static final long BYTES_A_ROW = 2;
  private static final long LEAST_BYTES = 1 << 10;
  private static final int UNKNOWN = -1;

  private final String property;
  private final boolean given;
  private int rows = UNKNOWN;

  private DictionaryLimit(String property, boolean given) {
    this.property = property;
    this.given = given;
  }

  /** That of a table's data files; what the table's own property says is left alone. */
  static DictionaryLimit ofData(Table table) {
    String property = TableProperties.PARQUET_DICT_SIZE_BYTES;
    return new DictionaryLimit(property, table.properties().containsKey(property));
  }

  /** That of a table's files of removals, for which the property of data files holds as well. */
  static DictionaryLimit ofDeletes(Table table) {
    String property = TableProperties.DELETE_PARQUET_DICT_SIZE_BYTES;
    Map<String, String> properties = table.properties();
    boolean given =
        properties.containsKey(property)
            || properties.containsKey(TableProperties.PARQUET_DICT_SIZE_BYTES);
    return new DictionaryLimit(property, given);
  }

  /** A file has at most so many rows; of several counts the most. */
  void expect(int most) {
    rows = Math.max(rows, most);
  }

  /** Nobody knows how many rows the next files have. */
  void forget() {
    rows = UNKNOWN;
  }

  /** The property that says it to Iceberg, or none. */
  Map<String, String> properties() {
    long bytes = Math.max(LEAST_BYTES, rows * BYTES_A_ROW);
    boolean usual = given || rows == UNKNOWN;
    return usual || bytes >= TableProperties.PARQUET_DICT_SIZE_BYTES_DEFAULT
        ? Map.of()
        : Map.of(property, String.valueOf(bytes));
  }
}
