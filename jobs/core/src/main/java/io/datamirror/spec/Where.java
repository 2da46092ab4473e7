package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;

/**
 * A place in the spec, and where problems of that place go.
 *
 * @param path for example {@code tables[2].primary-key}; empty for the spec itself
 * @param line counted from 1; 0 if the place is not in the text
 */
record Where(String path, int line, Problems problems) {

  void report(ErrorCode code, String sentence, String nextStep) {
    problems.add(new Problem(code, path.isEmpty() ? "spec" : path, line, sentence, nextStep));
  }

  Where key(String key, int keyLine) {
    String shown = Shown.key(key);
    return new Where(path.isEmpty() ? shown : path + "." + shown, keyLine, problems);
  }

  /** A place that is called so by us. */
  Where place(String name) {
    return new Where(path.isEmpty() ? name : path + "." + name, 0, problems);
  }

  Where item(int index, int itemLine) {
    return new Where(path + "[" + index + "]", itemLine, problems);
  }
}
