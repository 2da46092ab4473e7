package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replaces single values of a spec by what was given beside it. */
final class Overrides {
  private static final String NEXT_STEP =
      "Write a path and a value, for example source.poll-interval=5s or"
          + " tables.regions.on-bad-row=stop.";

  private Overrides() {}

  static YamlNode apply(YamlNode tree, Map<String, String> overrides, Problems problems) {
    YamlNode result = tree;
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      Where where = new Where("", 0, problems).key(override.getKey(), 0);
      OverridePath path = OverridePath.parse(override.getKey());
      Optional<YamlNode> value = YamlTree.parse(override.getValue(), new Problems());
      // Many passwords are no YAML.
      if (path.holdsSecret(value.orElse(new YamlNode.Scalar(override.getValue(), false, 0)))) {
        where.report(
            ErrorCode.WRONG_ARGUMENT,
            "a secret is given as an argument, which every user of the machine can see",
            "Give a reference, ${env:NAME} or ${file:/path}.");
        continue;
      }
      if (value.isEmpty() || path.isBroken()) {
        where.report(ErrorCode.WRONG_ARGUMENT, "this cannot be set", NEXT_STEP);
        continue;
      }
      result = replaced(result, path.keys(), withoutLines(value.get()), where);
    }
    return result;
  }

  private static YamlNode replaced(YamlNode node, List<String> path, YamlNode value, Where where) {
    if (path.isEmpty()) {
      return value;
    }
    String key = path.get(0);
    List<String> rest = path.subList(1, path.size());
    if (node instanceof YamlNode.Mapping mapping) {
      Map<String, YamlNode.Entry> entries = new LinkedHashMap<>(mapping.entries());
      YamlNode.Entry old =
          entries.getOrDefault(
              key, new YamlNode.Entry(new YamlNode.Mapping(Map.of(), mapping.line()), 0));
      int line = rest.isEmpty() ? 0 : old.line();
      entries.put(key, new YamlNode.Entry(replaced(old.value(), rest, value, where), line));
      return new YamlNode.Mapping(entries, mapping.line());
    }
    if (node instanceof YamlNode.Sequence sequence) {
      int index = indexOfTable(sequence, key);
      if (index >= 0) {
        List<YamlNode> items = new ArrayList<>(sequence.items());
        items.set(index, replaced(items.get(index), rest, value, where));
        return new YamlNode.Sequence(items, sequence.line());
      }
    }
    where.report(
        ErrorCode.WRONG_ARGUMENT, "there is no " + Shown.quoted(key) + " in the spec", NEXT_STEP);
    return node;
  }

  private static int indexOfTable(YamlNode.Sequence tables, String name) {
    for (int index = 0; index < tables.items().size(); index++) {
      if (name.equals(nameOf(tables.items().get(index)))) {
        return index;
      }
    }
    return -1;
  }

  private static String nameOf(YamlNode table) {
    YamlNode.Entry name =
        table instanceof YamlNode.Mapping keys ? keys.entries().get(TableKeys.NAME.name()) : null;
    return name != null && name.value() instanceof YamlNode.Scalar scalar ? scalar.text() : null;
  }

  /** Lines of an argument are not lines of the spec. */
  static YamlNode withoutLines(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
      mapping
          .entries()
          .forEach(
              (key, entry) -> entries.put(key, new YamlNode.Entry(withoutLines(entry.value()), 0)));
      return new YamlNode.Mapping(entries, 0);
    }
    if (node instanceof YamlNode.Sequence sequence) {
      return new YamlNode.Sequence(
          sequence.items().stream().map(Overrides::withoutLines).toList(), 0);
    }
    YamlNode.Scalar scalar = (YamlNode.Scalar) node;
    return new YamlNode.Scalar(scalar.text(), scalar.absent(), 0);
  }
}
