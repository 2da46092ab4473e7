package io.datamirror.change;

import java.io.Serializable;

/**
 * One column that a feed reads.
 *
 * @param source its name in the source
 * @param name its name in the lake; null when it is read for its control value only
 * @param type its type in the lake and in the law
 * @param required whether the lake refuses null in it
 */
public record Column(String source, String name, ColumnType type, boolean required)
    implements Serializable {

  /** Whether the lake stores this column. */
  public boolean stored() {
    return name != null;
  }
}
