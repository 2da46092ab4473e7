package io.datamirror.source;

import java.io.IOException;
import java.sql.SQLException;

/** A split that is being read. One thread at a time, but for {@link #cancel}. */
interface OpenSplit {

  /** Where the reading of a split begins that was read before. */
  enum Begin {
    /** Behind what was read before. */
    WHERE_IT_WAS,
    /** At the start, however much was read before. */
    ANEW
  }

  /** Where this reading began. */
  Begin begin();

  /** What comes next; the last one says so. */
  Batch next() throws SQLException, IOException;

  /** Ends a running {@link #next} from another thread, which then fails. */
  void cancel();

  /** Lets go of everything; not called before {@link #next} has returned. */
  void close() throws SQLException, IOException;
}
