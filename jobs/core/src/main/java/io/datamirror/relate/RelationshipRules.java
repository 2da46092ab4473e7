package io.datamirror.relate;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.RelationshipSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold between the columns of a relationship once their types are known. */
public final class RelationshipRules {

  /** Types whose values can be equal to each other. */
  private enum Family {
    NUMBER,
    TEXT,
    DAY,
    TIME_OF_DAY,
    LOCAL_TIME,
    INSTANT,
    TRUTH,
    BYTES;

    static Family of(ColumnType type) {
      return switch (type.kind()) {
        case INT, LONG, DECIMAL, FLOAT, DOUBLE -> NUMBER;
        case STRING -> TEXT;
        case DATE -> DAY;
        case TIME -> TIME_OF_DAY;
        case TIMESTAMP -> LOCAL_TIME;
        case TIMESTAMP_WITH_ZONE -> INSTANT;
        case BOOLEAN -> TRUTH;
        case BINARY -> BYTES;
      };
    }
  }

  private RelationshipRules() {}

  /**
   * What speaks against the relationships of tables.
   *
   * @param tables those that could be resolved; relationships to others are not looked at
   */
  public static List<Problem> problems(List<TablePlan> tables) {
    Map<String, TablePlan> byName = new HashMap<>();
    tables.forEach(table -> byName.put(table.name(), table));
    List<Problem> problems = new ArrayList<>();
    for (TablePlan table : tables) {
      for (RelationshipSpec relationship : table.spec().relationships()) {
        TablePlan referenced = byName.get(relationship.table());
        if (referenced != null) {
          check(table, relationship, referenced, problems);
        }
      }
    }
    return problems;
  }

  private static void check(
      TablePlan table,
      RelationshipSpec relationship,
      TablePlan referenced,
      List<Problem> problems) {
    for (int i = 0; i < relationship.columns().size(); i++) {
      String target = relationship.referencedColumns().get(i);
      Optional<Column> column = column(table.layout(), relationship.columns().get(i));
      Optional<Column> other = column(referenced.layout(), target);
      if (other.isEmpty()) {
        problems.add(
            problem(
                table,
                relationship,
                ErrorCode.MISSING_COLUMN,
                "the table " + relationship.table() + " has no column " + target,
                "Mend the reference: the column is called as in the source."));
      } else if (column.isPresent() && !comparable(column.get().type(), other.get().type())) {
        problems.add(
            problem(
                table,
                relationship,
                ErrorCode.REFERENCE_TYPES_DIFFER,
                column.get().source()
                    + " is "
                    + column.get().type()
                    + " and "
                    + relationship.table()
                    + "."
                    + target
                    + " is "
                    + other.get().type()
                    + ": their values are never equal",
                "Cast one of the two columns, or take the relationship out."));
      }
    }
  }

  private static Optional<Column> column(ChangeLayout layout, String source) {
    return layout.storedColumns().stream()
        .filter(column -> column.source().equals(source))
        .findFirst();
  }

  /** Whether a value of one type can be equal to one of the other. */
  public static boolean comparable(ColumnType column, ColumnType other) {
    return Family.of(column) == Family.of(other);
  }

  private static Problem problem(
      TablePlan table,
      RelationshipSpec relationship,
      ErrorCode code,
      String sentence,
      String nextStep) {
    String object = table.name() + ": " + relationship;
    return new Problem(code, object, table.spec().line(), sentence, nextStep);
  }
}
