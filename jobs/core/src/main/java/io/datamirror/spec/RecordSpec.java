package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the records of a topic, or the rows of files, look like.
 *
 * @param format null for tables, which need none
 * @param schema the columns that are read and their types, in their order
 */
public record RecordSpec(RecordFormat format, Map<String, ColumnType> schema)
    implements Serializable {

  /** A table: it describes itself. */
  public static final RecordSpec NONE = new RecordSpec(null, Map.of());

  /** Where in its partition a record of Kafka stands: a long. */
  public static final String OFFSET = "_offset";

  /** When a record of Kafka was made, as the record says: a timestamp with zone. */
  public static final String RECORD_TIME = "_record_time";

  /** When the file of a row was changed last: a timestamp with zone. */
  public static final String FILE_TIME = "_file_time";

  /** Where in its file a row stands: a long, counted from 1. */
  public static final String LINE = "_line";

  public RecordSpec {
    schema = new LinkedHashMap<>(schema);
  }

  @Override
  public Map<String, ColumnType> schema() {
    return Collections.unmodifiableMap(schema);
  }
}
