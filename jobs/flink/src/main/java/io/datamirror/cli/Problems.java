package io.datamirror.cli;

import io.datamirror.error.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** Problems as data. */
final class Problems {

  private Problems() {}

  static Map<String, Object> document(Problem problem) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("code", problem.code().toString());
    document.put("path", problem.path());
    document.put("line", problem.line() == 0 ? null : problem.line());
    document.put("sentence", problem.sentence());
    document.put("nextStep", problem.nextStep());
    return document;
  }
}
