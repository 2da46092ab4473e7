package io.datamirror.lake;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;

/**
 * How large the dictionary of a column may become in the next file of a table.
 *
 * <p>Parquet puts the values of every column into a dictionary first, and finds out at the end of a
 * page whether that was worth it: if not, all values are written a second time. With the limit of 2
 * MiB that holds otherwise, a file of a few thousand rows ends before a dictionary of values that
 * are all different is too large, and a third of what the file costs goes into that. A dictionary
 * that takes more than a byte for each row saves little, so that is the limit, by the rows that the
 * file before had. One thread at a time.
 */
final class DictionaryLimit {

  private static final long BYTES_A_ROW = 1;
  private static final long LEAST_BYTES = 1 << 10;

  private final String property;
  private final boolean given;
  private long rows = Long.MAX_VALUE;

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

  /** The next file is taken to have as many rows as the largest of {@code files}. */
  void learn(List<? extends ContentFile<?>> files) {
    files.stream().mapToLong(ContentFile::recordCount).max().ifPresent(most -> rows = most);
  }

  /** The property that says it to Iceberg, or none. */
  Map<String, String> properties() {
    long mostBytes = TableProperties.PARQUET_DICT_SIZE_BYTES_DEFAULT;
    if (given || rows >= mostBytes / BYTES_A_ROW) {
      return Map.of();
    }
    return Map.of(property, String.valueOf(Math.max(LEAST_BYTES, rows * BYTES_A_ROW)));
  }
}
