package io.datamirror.source;

import io.datamirror.change.ChangeLayout;
import io.datamirror.error.Problem;
import io.datamirror.feed.Identity;
import io.datamirror.plan.TablePlan;
import java.util.Optional;

/**
 * Makes the table in the lake follow its source: the columns, and which incarnation it is.
 *
 * <p>Called by planning threads, for one table by one at a time, before anything is read with the
 * new columns: whoever writes such a row finds its columns in the lake.
 */
public interface SchemaKeeper {

  /**
   * Adds and widens columns, and keeps the layout of rows that have {@code arity} columns.
   *
   * @return why the table in the lake cannot have these columns: nothing was changed then
   * @throws io.datamirror.error.MirrorException when it makes no sense to try again
   * @throws Exception when the lake may answer later
   */
  Optional<Problem> follow(TablePlan table, ChangeLayout layout, int arity) throws Exception;

  /**
   * Says in the lake that a table is read anew from another incarnation of its source. Called
   * before anything of it is read, when the lake holds all that was read of the one before.
   */
  void readAnew(TablePlan table, Identity now) throws Exception;

  /** Says in the lake why a table is stopped; the empty text says that it goes on. */
  void stopped(TablePlan table, String reason) throws Exception;
}
