package io.datamirror.stream;

import io.datamirror.commit.Part;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.TableWrites;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.binary.BinaryRowData;

/** Writes of all tables, whose files are closed and handed over flush by flush. */
public interface EpochWrites extends TableWrites<BinaryRowData>, AutoCloseable {

  /**
   * Closes the files that were written since the last call.
   *
   * @param counts outcomes by table number since the last call
   * @return one part for each table with files or counts
   */
  List<Part> drain(Map<Integer, Counts> counts) throws IOException;

  /** Deletes what was written since the last {@link #drain} and lets go of everything. */
  @Override
  void close() throws IOException;
}
