package io.datamirror.lake;

import io.datamirror.change.Column;
import io.datamirror.plan.TablePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The order of columns in the lake, which the rows of a mirror keep for its life: the hash of a row
 * depends on where its columns stand, and a source may put a new column anywhere.
 */
public final class ColumnOrder {

  private ColumnOrder() {}

  /** For tables whose columns stand otherwise in the source: their order in the lake. */
  public static Map<String, List<String>> differing(LakeCatalog catalog, List<TablePlan> tables) {
    Map<String, List<String>> orders = new LinkedHashMap<>();
    for (TablePlan plan : tables) {
      catalog
          .find(plan.name())
          .ifPresent(
              table -> {
                List<String> now =
                    plan.layout().storedColumns().stream().map(Column::source).toList();
                List<String> order = order(table, plan.layout().storedColumns());
                if (!order.equals(now)) {
                  orders.put(plan.name(), order);
                }
              });
    }
    return orders;
  }

  private static List<String> order(Table table, List<Column> columns) {
    List<String> names = table.schema().columns().stream().map(NestedField::name).toList();
    List<Column> sorted = new ArrayList<>(columns);
    sorted.sort(
        Comparator.comparingInt(
            column -> {
              int place = names.indexOf(column.name());
              return place < 0 ? Integer.MAX_VALUE : place;
            }));
    return sorted.stream().map(Column::source).toList();
  }
}
