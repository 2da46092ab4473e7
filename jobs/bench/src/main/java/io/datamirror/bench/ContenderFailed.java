package io.datamirror.bench;

import java.io.IOException;

/** The process of a contender ended with a failure. */
final class ContenderFailed extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * @param said the last that it wrote
   */
  ContenderFailed(Contender contender, String said) {
    super(contender.title() + " failed; " + said);
  }
}
