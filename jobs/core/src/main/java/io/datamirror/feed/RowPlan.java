package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Operation;
import io.datamirror.sql.Identifier;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the rows of one table become changes. A row holds the columns of the layout, then the
 * operation where there is one, then the keyset.
 *
 * @param layout where the parts of a change stand
 * @param columns for each column of the layout, how it is read; null where the table lacks it
 * @param operation the control column; null when every row is an upsert
 * @param operations what the values of the control column ask for, in small letters
 * @param time whether a change must have a time
 * @param constants the value of columns that the table lacks and every row has, by their place in
 *     the layout
 */
record RowPlan(
    ChangeLayout layout,
    List<Reading> columns,
    Identifier operation,
    Map<String, Operation> operations,
    TimeNeed time,
    Map<Integer, Long> constants)
    implements Serializable {

  private static final Map<String, Operation> CHANGE_TABLE =
      Map.of("u", Operation.UPSERT, "d", Operation.DELETE);

  /** A plan whose control column has the letters of a table of changes. */
  RowPlan(ChangeLayout layout, List<Reading> columns, Identifier operation, TimeNeed time) {
    this(layout, columns, operation, CHANGE_TABLE, time);
  }

  /** A plan where nothing is said of columns that the table lacks. */
  RowPlan(
      ChangeLayout layout,
      List<Reading> columns,
      Identifier operation,
      Map<String, Operation> operations,
      TimeNeed time) {
    this(layout, columns, operation, operations, time, Map.of());
  }

  /** The same with values for columns that the table lacks. */
  RowPlan with(Map<Integer, Long> values) {
    return new RowPlan(layout, columns, operation, operations, time, values);
  }

  /** The same with these columns read and not stored. */
  RowPlan withoutStoring(Set<String> names) {
    ChangeLayout changed = layout.withoutStoring(names);
    return new RowPlan(changed, columns, operation, operations, time, constants);
  }

  /** Whether a change may come without a time. */
  enum TimeNeed {
    OPTIONAL,
    REQUIRED
  }

  RowPlan {
    columns = Collections.unmodifiableList(new ArrayList<>(columns));
    operations = Map.copyOf(operations);
    constants = Map.copyOf(constants);
  }

  /** The columns that are asked for, without the keyset. */
  List<Identifier> selected() {
    List<Identifier> names = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) != null) {
        names.add(new Identifier(layout.columns().get(i).source()));
      }
    }
    if (operation != null) {
      names.add(operation);
    }
    return names;
  }
}
