package io.datamirror.spec;

import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects what is wrong, each thing once. */
final class Problems {
  private final Set<Problem> found = new LinkedHashSet<>();

  void add(Problem problem) {
    found.add(problem);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Throws all problems in the order of their lines, if there are any. */
  void throwIfAny(String subject) {
    if (!found.isEmpty()) {
      throw new ProblemsException(
          subject, found.stream().sorted(Comparator.comparingInt(Problem::line)).toList());
    }
  }
}
