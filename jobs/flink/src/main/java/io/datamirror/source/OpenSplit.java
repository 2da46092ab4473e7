package io.datamirror.source;

import java.io.IOException;
import java.sql.SQLException;

/** A split that is being read. One thread at a time, but for {@link #cancel}. */
interface OpenSplit {

  /** What comes next; the last one says so. */
  Batch next() throws SQLException, IOException;

  /** Ends a running {@link #next} from another thread, which then fails. */
  void cancel();

  /** Lets go of everything; not called before {@link #next} has returned. */
  void close() throws SQLException, IOException;
}
