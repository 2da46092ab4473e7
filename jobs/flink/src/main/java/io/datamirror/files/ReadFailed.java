package io.datamirror.files;

import io.datamirror.error.MirrorException;
import java.io.IOException;

/** A file system did not give what was asked of it; the file itself may be whole. */
final class ReadFailed extends IOException {
  private static final long serialVersionUID = 1L;

  private ReadFailed(Exception cause) {
    super(cause);
  }

  /**
   * What a file system threw: some throw what is not checked.
   *
   * @throws MirrorException if that is what it threw, which says already what is wrong
   */
  static ReadFailed by(Exception failure) {
    if (failure instanceof MirrorException told) {
      throw told;
    }
    return new ReadFailed(failure);
  }

  /** The failure of the file system that a failure comes from; null if it comes from none. */
  static ReadFailed below(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof ReadFailed)) {
      cause = cause.getCause();
    }
    return (ReadFailed) cause;
  }
}
