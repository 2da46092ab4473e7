package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The keys that stand in one mapping of the spec, with where they stand. */
final class Keys {
  private final SpecSection section;
  private final Where where;
  private final Map<String, Given> given;

  private record Given(YamlNode value, Where where) {}

  private Keys(SpecSection section, Where where, Map<String, Given> given) {
    this.section = section;
    this.where = where;
    this.given = given;
  }

  /** A mapping without any key. */
  static Keys none(SpecSection section, Where where) {
    return new Keys(section, where, Map.of());
  }

  /** The keys of a mapping; unknown ones are reported and left out. */
  static Keys of(SpecSection section, YamlNode node, Where where) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      if (!node.isAbsent()) {
        where.report(
            ErrorCode.BAD_VALUE,
            "here stands " + node.kind() + " where keys must be",
            "Write the keys of " + section.place() + ", one per line.");
      }
      return none(section, where);
    }
    Map<String, Given> given = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              Where place = where.key(name, entry.line());
              if (section.key(name).isPresent()) {
                given.put(name, new Given(entry.value(), place));
              } else {
                place.report(
                    ErrorCode.UNKNOWN_KEY,
                    "this key does not exist",
                    UnknownKey.nextStep(section, name));
              }
            });
    return new Keys(section, where, given);
  }

  /** These keys, and the defaults' where these have none. */
  Keys over(Keys defaults) {
    Map<String, Given> merged = new LinkedHashMap<>(defaults.given);
    merged.putAll(given);
    return new Keys(section, where, merged);
  }

  /** The value of a key; its default, else null, if it is not given or has been reported. */
  <T> T value(SpecKey<T> key) {
    Given found = given.get(key.name());
    if (found != null && !found.value().isAbsent()) {
      return key.type().read(found.value(), found.where());
    }
    return key.defaultText() == null ? null : defaultOf(key);
  }

  /** The value of a key that must be there; null once that it is missing has been reported. */
  <T> T requiredValue(SpecKey<T> key) {
    if (!has(key)) {
      where(key)
          .report(
              ErrorCode.MISSING_KEY,
              "this key is missing",
              "Add it, for example " + key.exampleLine());
    }
    return value(key);
  }

  private <T> T defaultOf(SpecKey<T> key) {
    return key.type().read(new YamlNode.Scalar(key.defaultText(), false, 0), where(key));
  }

  /** Whether a key is given with a value. */
  boolean has(SpecKey<?> key) {
    Given found = given.get(key.name());
    return found != null && !found.value().isAbsent();
  }

  /** Whether a key is given with something other than an empty list. */
  boolean hasContent(SpecKey<?> key) {
    return has(key)
        && !(given.get(key.name()).value() instanceof YamlNode.Sequence list
            && list.items().isEmpty());
  }

  /** Where a key stands; where it would stand, if it is not given. */
  Where where(SpecKey<?> key) {
    Given found = given.get(key.name());
    return found == null ? where.key(key.name(), where.line()) : found.where();
  }

  /** Where a key of this mapping stands, or would stand: never in the defaults. */
  Where place(SpecKey<?> key) {
    Where found = where(key);
    Where own = where.key(key.name(), where.line());
    return found.path().equals(own.path()) ? found : own;
  }

  /** Where the mapping itself stands. */
  Where where() {
    return where;
  }

  /** Reads every value, so that what is wrong with one is reported even if nothing uses it. */
  void checkValues() {
    section.keys().stream().filter(this::has).forEach(this::value);
  }
}
