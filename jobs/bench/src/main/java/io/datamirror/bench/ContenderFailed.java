package io.datamirror.bench;

import java.io.IOException;

/** The process of a contender ended with a failure, or left what cannot be measured. */
final class ContenderFailed extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * @param said the last that it wrote
   */
  ContenderFailed(Contender contender, String said) {
    super(contender.title() + " failed; " + said);
  }

  /**
   * @param cause why there is no result of it though its process ended well
   */
  ContenderFailed(Contender contender, Exception cause) {
    super(contender.title() + " failed; what it left cannot be measured: " + cause, cause);
  }
}
