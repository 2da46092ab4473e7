package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;

/** What is said of credentials that a source took before and does not take now. */
public final class ReplacedCredentials {

  private ReplacedCredentials() {}

  /** A file that is put in the place of another may be missing for a moment. */
  public static boolean noSecret(Throwable failure) {
    return failure instanceof MirrorException known
        && (known.code() == ErrorCode.MISSING_SECRET
            || known.code() == ErrorCode.SECRET_FILE_UNREADABLE);
  }

  /**
   * They cannot be looked up any more.
   *
   * @param source what took them, as the beginning of a sentence
   * @param secret one that is {@link #noSecret}
   */
  public static MirrorException missing(String source, String object, MirrorException secret) {
    return new MirrorException(
        ErrorCode.CREDENTIALS_REPLACED,
        object,
        "%s took these credentials before, and now they cannot be looked up: %s: %s (%s)"
            .formatted(source, secret.object(), secret.sentence(), secret.code()),
        secret.nextStep());
  }

  /**
   * A database refuses them.
   *
   * @param section where its user and password stand in the spec
   * @param shown what may be told of its error
   */
  static MirrorException refused(String section, String object, String shown) {
    return new MirrorException(
        ErrorCode.CREDENTIALS_REPLACED,
        object,
        "the database took the user and the password before, and refuses them now, with " + shown,
        nextStep(section));
  }

  /** A database refused just these, so that it is not asked again yet. */
  static MirrorException refusedLately(String section, String object) {
    return new MirrorException(
        ErrorCode.CREDENTIALS_REPLACED,
        object,
        "the database refused the user and the password moments ago, and they are still the same:"
            + " to spare it a locked user they are tried again every %d minutes"
                .formatted(RefusedLogins.SPACING.toMinutes()),
        nextStep(section));
  }

  private static String nextStep(String section) {
    return ("Put new ones into the files that %1$s.user and %1$s.password refer to; what is in the"
            + " environment is seen only by a process that is started again.")
        .formatted(section);
  }
}
