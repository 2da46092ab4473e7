package io.datamirror.source;

import io.datamirror.change.ChangeLayout;
import io.datamirror.plan.TablePlan;

/**
 * Makes the table in the lake follow the columns of its source.
 *
 * <p>Called by planning threads, for one table by one at a time, before anything is read with the
 * new columns: whoever writes such a row finds its columns in the lake.
 */
public interface SchemaKeeper {

  /**
   * Adds and widens columns, and keeps the layout of rows that have {@code arity} columns.
   *
   * @throws io.datamirror.error.MirrorException when it makes no sense to try again
   * @throws Exception when the lake may answer later
   */
  void follow(TablePlan table, ChangeLayout layout, int arity) throws Exception;

  /** Says in the lake why a table is stopped; the empty text says that it goes on. */
  void stopped(TablePlan table, String reason) throws Exception;
}
