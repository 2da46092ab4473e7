package io.datamirror.stream;

import io.datamirror.resolve.Counts;
import io.datamirror.resolve.TableWrites;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * Writes of all tables, handed over flush by flush.
 *
 * @param <T> what is handed over: closed files for the lake, rows for a query
 */
public interface EpochWrites<T> extends TableWrites<BinaryRowData>, AutoCloseable {

  /**
   * Hands over what was written since the last call.
   *
   * @param counts outcomes by table number since the last call
   * @param watermarkMillis the watermark that keys of a table were forgotten by, or {@link
   *     Long#MIN_VALUE}; for a number of none, that of the tables that forgot since this began
   */
  List<T> drain(Map<Integer, Counts> counts, IntToLongFunction watermarkMillis) throws IOException;

  /** Deletes what was written since the last {@link #drain} and lets go of everything. */
  @Override
  void close() throws IOException;
}
