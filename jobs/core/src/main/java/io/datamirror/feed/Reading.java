package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import java.io.Serializable;

/**
 * How the values of a source column are asked for, and what they become if nothing else is said.
 *
 * @param getter what the driver is asked for
 * @param type what the values become; null when only a cast can say
 */
record Reading(Getter getter, ColumnType type) implements Serializable {

  /** The forms in which a driver gives a value. */
  enum Getter {
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMP_WITH_ZONE,
    TEXT,
    /** Text that the database fills up with spaces, which are not part of the value. */
    PADDED_TEXT,
    BINARY
  }

  static Reading of(Getter getter, Kind kind) {
    return new Reading(getter, ColumnType.of(kind));
  }

  /** Values that only a cast gives a type. */
  static Reading needsCast(Getter getter) {
    return new Reading(getter, null);
  }
}
