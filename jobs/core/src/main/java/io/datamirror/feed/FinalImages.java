package io.datamirror.feed;

import io.datamirror.change.Operation;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Which rows of a feed that tells old images as deletes say how its commit units end. Inside of a
 * unit a key ends with its upsert where there is one, whether that can be applied or not: a delete
 * of the same key and unit is only what was there before, and is passed over.
 *
 * <p>By the ordering law it could win otherwise, where a new version is lower than the old one or
 * the new row is refused, and a row would be gone that no one deleted.
 *
 * <p>Rows come key by key, unit by unit, and upserts first. What is remembered is of one key.
 */
final class FinalImages {

  /** Which rows of what is read count. */
  enum Kept {
    /** All of them. */
    ALL,
    /** Those that a commit unit ends with. */
    FINAL
  }

  private final int unitIndex;
  private boolean upserted;
  private long unit;

  /**
   * @param unitIndex the place of the commit unit in the rows, from 1; 0 where all rows count
   */
  FinalImages(int unitIndex) {
    this.unitIndex = unitIndex;
  }

  static FinalImages of(RowPlan plan, Kept kept) {
    return switch (kept) {
      case ALL -> new FinalImages(0);
      case FINAL -> new FinalImages(new RowText(plan).index(plan.layout().order()));
    };
  }

  /** What follows is of another key. */
  void nextKey() {
    upserted = false;
  }

  /**
   * Whether the row is to be passed over. Asked once for each row, also for those that were
   * delivered before: a reading that goes on in the middle of a key begins with all of its rows.
   *
   * @param operation null where it is not known
   */
  boolean passesOver(ResultSet row, Operation operation) throws SQLException {
    if (unitIndex == 0) {
      return false;
    }
    long here = row.getLong(unitIndex);
    boolean before = upserted && here == unit;
    unit = here;
    upserted = before || operation == Operation.UPSERT;
    return before && operation == Operation.DELETE;
  }
}
