package io.datamirror.source;

import io.datamirror.plan.TablePlan;
import java.io.Serializable;
import java.util.Optional;

/**
 * Says what the lake knows of a table, when a mirror starts without state.
 *
 * <p>Asked by several threads of the job manager, but about a table by one at a time. It may keep
 * open what it opened until {@link #close}.
 */
@FunctionalInterface
public interface RecallPlanner extends Serializable, AutoCloseable {

  /**
   * Where the table stands in the lake, and what has to be recalled of it.
   *
   * @throws io.datamirror.error.MirrorException when it makes no sense to ask again
   * @throws Exception when the lake may answer later
   */
  LakeStart start(TablePlan table) throws Exception;

  /** The same for one enumerator, which closes it; after a failure there is another. */
  default RecallPlanner own() {
    return this;
  }

  /**
   * What makes the lake follow the source's columns; empty where rows cannot change their columns
   * while they are read.
   */
  default Optional<SchemaKeeper> schemaKeeper() {
    return Optional.empty();
  }

  @Override
  default void close() throws Exception {}
}
