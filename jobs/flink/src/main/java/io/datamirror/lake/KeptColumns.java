package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * How a table is read that goes on with the columns that it has in the lake: in their order, and
 * where changes of the source are ignored without those that are new, and as the types that it has.
 *
 * @param order the columns that come first in its layout
 * @param columns which are stored, as what
 */
public record KeptColumns(List<String> order, ColumnsSpec columns) {

  public KeptColumns {
    order = List.copyOf(order);
  }

  /** A table that is read as its spec and its source say. */
  public static KeptColumns asDeclared(TableSpec table) {
    return new KeptColumns(List.of(), table.columns());
  }

  /** For tables that are to be read otherwise than they were resolved, by their names. */
  public static Map<String, KeptColumns> differing(LakeCatalog catalog, List<TablePlan> tables) {
    Map<String, List<String>> orders = ColumnOrder.differing(catalog, tables);
    Map<String, KeptColumns> kept = new LinkedHashMap<>();
    for (TablePlan plan : tables) {
      Optional<ColumnsSpec> ignoring = ignoring(catalog, plan);
      if (orders.containsKey(plan.name()) || ignoring.isPresent()) {
        kept.put(
            plan.name(),
            new KeptColumns(
                orders.getOrDefault(plan.name(), List.of()),
                ignoring.orElse(plan.spec().columns())));
      }
    }
    return kept;
  }

  private static Optional<ColumnsSpec> ignoring(LakeCatalog catalog, TablePlan plan) {
    // The columns of records are declared: a new one is a wish, and no change of the source.
    if (plan.spec().onSchemaChange() != OnSchemaChange.IGNORE
        || plan.spec().feed() == FeedKind.RECORDS) {
      return Optional.empty();
    }
    return catalog
        .find(plan.name())
        .map(table -> ignoring(table.schema(), plan))
        .filter(columns -> !columns.equals(plan.spec().columns()));
  }

  private static ColumnsSpec ignoring(Schema lake, TablePlan plan) {
    ColumnsSpec declared = plan.spec().columns();
    Set<String> named = named(plan);
    List<String> exclude = new ArrayList<>(declared.exclude());
    Map<String, ColumnType> cast = new LinkedHashMap<>(declared.cast());
    for (Column column : plan.layout().storedColumns()) {
      NestedField field = lake.findField(column.name());
      String source = column.source();
      if (field == null) {
        if (!named.contains(source)
            && !declared.include().contains(source)
            && !declared.rename().containsKey(source)) {
          exclude.add(source);
        }
      } else if (!named.contains(source)) {
        narrower(field.type(), column.type()).ifPresent(type -> cast.put(source, type));
      }
    }
    return new ColumnsSpec(declared.include(), exclude, declared.rename(), cast);
  }

  /** Columns whose coming and whose types somebody relies on: they are not ignored in silence. */
  private static Set<String> named(TablePlan plan) {
    TableSpec spec = plan.spec();
    Set<String> named = new HashSet<>(spec.columns().cast().keySet());
    spec.partitionBy().stream().map(PartitionField::column).forEach(named::add);
    spec.relationships().stream().map(RelationshipSpec::columns).forEach(named::addAll);
    ChangeLayout layout = plan.layout();
    List<Integer> law = new ArrayList<>(layout.key());
    law.addAll(layout.version());
    law.add(layout.order());
    law.add(layout.time());
    law.stream()
        .filter(column -> column >= 0)
        .map(column -> layout.columns().get(column).source())
        .forEach(named::add);
    return named;
  }

  /** The type in the lake, if the one in the source is the same and holds more. */
  private static Optional<ColumnType> narrower(Type lake, ColumnType source) {
    ColumnType kept = null;
    if (lake.typeId() == Type.TypeID.INTEGER) {
      kept = ColumnType.of(ColumnType.Kind.INT);
    } else if (lake instanceof Types.DecimalType decimal) {
      kept = ColumnType.decimal(decimal.precision(), decimal.scale());
    }
    return Optional.ofNullable(kept).filter(type -> type.widensTo(source));
  }
}
