package io.datamirror.files;

import java.io.IOException;

/** A file system did not give what was asked of it; the file itself may be whole. */
final class ReadFailed extends IOException {
  private static final long serialVersionUID = 1L;

  ReadFailed(IOException cause) {
    super(cause);
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
