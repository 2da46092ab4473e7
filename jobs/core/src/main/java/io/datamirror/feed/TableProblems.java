package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.TableName;
import java.util.ArrayList;
import java.util.List;

/** Collects all that is wrong with one table. */
final class TableProblems {

  private final TableSpec spec;
  private final List<String> order;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param order columns of the source that come first in the layout
   */
  TableProblems(TableSpec spec, List<String> order) {
    this.spec = spec;
    this.order = List.copyOf(order);
  }

  /** The names in the order that was asked for: those of it first, then the others. */
  List<String> ordered(List<String> names) {
    List<String> ordered = new ArrayList<>(order);
    ordered.retainAll(names);
    names.stream().filter(name -> !order.contains(name)).forEach(ordered::add);
    return ordered;
  }

  /** Whether the table has been resolved before, so that its columns keep their order. */
  boolean again() {
    return !order.isEmpty();
  }

  /** Something is wrong with the table. */
  void table(ErrorCode code, String sentence, String nextStep) {
    add(code, spec.name(), sentence, nextStep);
  }

  /** The source has no such table. */
  void missing(TableName name) {
    table(
        ErrorCode.SOURCE_TABLE_MISSING,
        "the source has no table " + name + " that this user may see",
        "Write the name exactly as the database stores it, with its schema, upper and lower case"
            + " included.");
  }

  /** Something is wrong with a column. */
  void column(ErrorCode code, String column, String sentence, String nextStep) {
    add(code, spec.name() + "." + column, sentence, nextStep);
  }

  private void add(ErrorCode code, String object, String sentence, String nextStep) {
    Problem problem = new Problem(code, object, spec.line(), sentence, nextStep);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  boolean any() {
    return !problems.isEmpty();
  }

  void throwIfAny() {
    if (any()) {
      throw new ProblemsException("table " + spec.name(), problems);
    }
  }

  /** A table that was there when its feed was resolved. */
  static MirrorException gone(TableName table) {
    return new MirrorException(
        ErrorCode.SOURCE_TABLE_MISSING,
        table.toString(),
        "the table is no longer there, or not visible to the user",
        "Mend its name in the spec, or put it back into the source.");
  }
}
