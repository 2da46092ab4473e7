package io.datamirror.record;

/** A record that is not in its format. An everyday result, hence without a stack trace. */
public final class BadRecord extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param sentence what is wrong with it; no word of its content
   */
  public BadRecord(String sentence) {
    super(sentence, null, false, false);
  }
}
