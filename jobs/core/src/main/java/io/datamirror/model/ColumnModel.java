package io.datamirror.model;

import io.datamirror.change.ColumnType;
import java.util.Optional;

/**
 * A column as somebody else describes it.
 *
 * @param typeName its type in their words
 * @param type what its values become; empty when only a cast can say
 * @param cast the cast that is offered where one is needed
 * @param nullability whether it may hold NULL
 * @param origin who gives it its values
 */
public record ColumnModel(
    String name,
    String typeName,
    Optional<ColumnType> type,
    ColumnType cast,
    Nullability nullability,
    Origin origin) {

  /** Whether a column may hold NULL. */
  public enum Nullability {
    NULLABLE,
    NOT_NULL
  }

  /** Who gives a column its values. */
  public enum Origin {
    WRITER,
    /** The database counts up. */
    COUNTED
  }

  /** What the lake would store. */
  ColumnType stored() {
    return type.orElse(cast);
  }

  boolean notNull() {
    return nullability == Nullability.NOT_NULL;
  }
}
