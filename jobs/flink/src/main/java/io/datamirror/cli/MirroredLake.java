package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;

/**
 * The lake of a mirror that has run: for verbs that have nothing to say before, and create none.
 */
final class MirroredLake {

  private MirroredLake() {}

  /**
   * Opens it.
   *
   * @throws MirrorException if it is not there yet
   */
  static LakeCatalog open(MirrorSpec spec, SecretSource secrets) {
    return LakeCatalog.existing(spec.lake(), secrets).orElseThrow(() -> empty(spec));
  }

  /** The error for a lake that holds nothing of the mirror. */
  static MirrorException empty(MirrorSpec spec) {
    return new MirrorException(
        ErrorCode.LAKE_UNREACHABLE,
        spec.lake().namespace(),
        "the lake holds none of the mirror's tables yet",
        "Run the mirror first: mirror run --spec FILE --until now.");
  }
}
