package io.datamirror.error;

import java.util.Objects;

/**
 * An error that a user can act on. Its message is {@code MIRROR-1001 <object>: <sentence>. <next
 * step>}. Whoever throws it keeps secrets, URLs and row content out of all of its texts. It is
 * serializable, since it travels from a task to the client.
 */
public final class MirrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String object;
  private final String sentence;
  private final String nextStep;

  /**
   * @param object what the error is about: a table, a column, a key of the spec
   * @param sentence what is wrong, as one sentence without its full stop
   * @param nextStep what the user can do, as a whole sentence
   */
  public MirrorException(ErrorCode code, String object, String sentence, String nextStep) {
    this(code, object, sentence, nextStep, null);
  }

  private MirrorException(
      ErrorCode code, String object, String sentence, String nextStep, Throwable cause) {
    super(message(code, object, sentence, nextStep), cause);
    this.code = code;
    this.object = object;
    this.sentence = sentence;
    this.nextStep = nextStep;
  }

  /** An error with the failure that led to it. The cause's own message is not made part of it. */
  public static MirrorException causedBy(
      Throwable cause, ErrorCode code, String object, String sentence, String nextStep) {
    return new MirrorException(
        code, object, sentence, nextStep, Objects.requireNonNull(cause, "cause"));
  }

  static String message(ErrorCode code, String object, String sentence, String nextStep) {
    return code + " " + object + ": " + sentence + ". " + nextStep;
  }

  public ErrorCode code() {
    return code;
  }

  /** What the error is about. */
  public String object() {
    return object;
  }

  /** What is wrong, without the full stop. */
  public String sentence() {
    return sentence;
  }

  /** What the user can do. */
  public String nextStep() {
    return nextStep;
  }
}
