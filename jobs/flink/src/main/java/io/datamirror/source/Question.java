package io.datamirror.source;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Feed.Unread;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.plan.TablePlan;
import java.util.List;

/** What a table's schedule has to ask the lake or the source. Answered by {@link Planning}. */
sealed interface Question {

  /** The table that it is about. */
  TablePlan table();

  /** Where does the table stand in the lake? */
  record AskLake(TablePlan table) implements Question {}

  /**
   * Is everything there that came after what was read?
   *
   * @param last the beginning when nothing was read
   */
  record SeeContinuation(TablePlan table, Position last) implements Question {}

  /** Is everything there that was not read of a window that was planned before? */
  record SeeWindow(TablePlan table, List<Unread> unread) implements Question {}

  /** Up to where does a bounded run read? */
  record SeeTarget(TablePlan table, Identity identity, Position last) implements Question {}

  /**
   * Up to where is history contained in the base table, how is it cut, and what rows does the lake
   * have that it may lack?
   *
   * @param readTo the position that the lake must have come to first; null when it has nothing that
   *     was not there at the start
   * @param arity how many columns its rows have
   */
  record PlanSnapshot(TablePlan table, Identity identity, Observed seen, Position readTo, int arity)
      implements Question {}

  /** What does the source's clock say, now that the base table was read? */
  record EndSnapshot(TablePlan table, Position last) implements Question {}

  /**
   * What is the next window?
   *
   * @param seen what was observed before; null to observe now
   * @param arity how many columns the rows of the table have
   */
  record PlanWindow(TablePlan table, Identity identity, Position last, Observed seen, int arity)
      implements Question {}

  /** Does the source fit again, so that what was given back can be read? */
  record LookAgain(TablePlan table, Identity identity, int arity) implements Question {}
}
