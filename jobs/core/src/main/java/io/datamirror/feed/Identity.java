package io.datamirror.feed;

import java.io.Serializable;

/**
 * Tells one incarnation of a source table from the next of the same name.
 *
 * @param text stable for as long as the table lives; another one after drop and create. Empty when
 *     the source cannot tell
 */
public record Identity(String text) implements Serializable {

  /** Nobody can tell. */
  public static final Identity UNKNOWN = new Identity("");

  /** Whether anybody could tell. */
  public boolean known() {
    return !text.isEmpty();
  }

  /** Whether it is certain that the two are not the same. */
  public boolean otherThan(Identity other) {
    return known() && other.known() && !equals(other);
  }
}
