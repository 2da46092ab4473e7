package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists without repetition; where one item is a text, it may stand without its brackets. */
record ListType<T>(String title, ValueType<T> item) implements ValueType<List<T>> {

  static ListType<String> columns() {
    return new ListType<>("a list of columns", ScalarType.column());
  }

  @Override
  public List<T> read(YamlNode node, Where where) {
    List<T> values = new ArrayList<>();
    if (node instanceof YamlNode.Sequence sequence) {
      for (int index = 0; index < sequence.items().size(); index++) {
        YamlNode element = sequence.items().get(index);
        add(values, element, where.item(index, element.line()));
      }
    } else if (node instanceof YamlNode.Scalar && item instanceof ScalarType) {
      add(values, node, where);
    } else {
      where.report(
          ErrorCode.BAD_VALUE,
          "here stands " + node.kind() + " where a list must be",
          "Write " + title + " in brackets, or one per line after a dash.");
    }
    return values;
  }

  private void add(List<T> values, YamlNode node, Where where) {
    T value = item.read(node, where);
    if (value == null) {
      return;
    }
    if (values.contains(value)) {
      where.report(
          ErrorCode.BAD_VALUE, Shown.quoted(value.toString()) + " stands here twice", "Keep one.");
      return;
    }
    values.add(value);
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("type", "array");
    list.put("items", item.schema());
    if (!(item instanceof ScalarType)) {
      return list;
    }
    return SpecSchema.object("anyOf", List.of(item.schema(), list));
  }
}
