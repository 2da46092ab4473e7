package io.datamirror.spec;

import java.io.Serializable;

/**
 * One part of a table's partition.
 *
 * @param width the number of buckets or the width to truncate to; 0 for the other transforms
 * @param column a column of the source
 */
public record PartitionField(Transform transform, int width, String column)
    implements Serializable {

  /** The field as it stands in the spec, for example {@code bucket(8, id)}. */
  @Override
  public String toString() {
    return switch (transform) {
      case IDENTITY -> column;
      case BUCKET, TRUNCATE -> transform + "(" + width + ", " + column + ")";
      case YEAR, MONTH, DAY, HOUR -> transform + "(" + column + ")";
    };
  }
}
