package io.datamirror.files;

/**
 * A file that cannot be read on: nothing of it follows. An everyday result, hence without a stack.
 */
final class BrokenFile extends Exception {
  private static final long serialVersionUID = 1L;

  BrokenFile(String sentence) {
    super(sentence, null, false, false);
  }
}
