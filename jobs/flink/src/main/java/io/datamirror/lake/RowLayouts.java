package io.datamirror.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;

/**
 * The layouts of rows of one table, where its columns changed while the job ran.
 *
 * <p>A row says by its number of columns which layout it has: every change makes rows longer, be it
 * by a column that is always null. The layouts stand in a property of the table from before the
 * first such row is read, until the next start of the mirror, which has one layout again.
 */
final class RowLayouts {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RowLayouts() {}

  /** The property's text with one more layout in it. */
  static String with(String text, int arity, ChangeLayout layout) {
    ObjectNode layouts = parse(text);
    ArrayNode columns = JSON.createArrayNode();
    for (Column column : layout.storedColumns()) {
      ObjectNode node = columns.addObject();
      node.put("source", column.source());
      node.put("name", column.name());
      node.put("kind", column.type().kind().name());
      node.put("precision", column.type().precision());
      node.put("scale", column.type().scale());
      node.put("required", column.required());
    }
    layouts.set(String.valueOf(arity), columns);
    return layouts.toString();
  }

  /**
   * The layout of rows with {@code arity} columns: that of the job's start, with the types that
   * they have now and the columns that came behind them.
   */
  static ChangeLayout of(Table table, ChangeLayout base, int arity) {
    if (arity == base.storedColumns().size()) {
      return base;
    }
    JsonNode found =
        parse(table.properties().getOrDefault(LakeKeys.LAYOUTS, "{}")).get(String.valueOf(arity));
    if (found == null) {
      throw new MirrorException(
          ErrorCode.INTERNAL,
          table.name(),
          "the lake does not know the layout of rows with " + arity + " columns",
          "Start the mirror again.");
    }
    List<Column> stored = new ArrayList<>();
    found.forEach(node -> stored.add(column(node)));
    return revised(base, stored);
  }

  private static Column column(JsonNode node) {
    ColumnType type =
        new ColumnType(
            ColumnType.Kind.valueOf(node.get("kind").asText()),
            node.get("precision").asInt(),
            node.get("scale").asInt());
    return new Column(
        node.get("source").asText(),
        node.get("name").asText(),
        type,
        node.get("required").asBoolean());
  }

  /** Places of key, version, order and time stay: what is stored before stays where it is. */
  private static ChangeLayout revised(ChangeLayout base, List<Column> stored) {
    List<Column> columns = new ArrayList<>();
    int next = 0;
    for (Column column : base.columns()) {
      columns.add(column.stored() ? stored.get(next++) : column);
    }
    columns.addAll(stored.subList(next, stored.size()));
    return new ChangeLayout(
        base.table(), columns, base.key(), base.version(), base.order(), base.time(), base.tie());
  }

  private static ObjectNode parse(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.isEmpty() ? "{}" : text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the layouts of a table are not JSON", e);
    }
  }
}
