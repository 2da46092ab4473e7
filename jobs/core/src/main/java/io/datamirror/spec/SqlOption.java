package io.datamirror.spec;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An option of a table that SQL reads, for those who have to know of it.
 *
 * @param name the option; of a map, the prefix of its keys, with the dot
 * @param presence whether it must be there
 * @param defaultText its default as it would be written
 */
public record SqlOption(
    String name, Presence presence, Optional<String> defaultText, String description) {

  /** Whether an option must be there, and whether it is one. */
  public enum Presence {
    REQUIRED,
    OPTIONAL,
    /** Not one option, but all whose names begin with this one's. */
    PREFIX
  }

  /** All options. */
  public static List<SqlOption> all() {
    Stream<SqlOption> named = SqlKeys.SECTION.keys().stream().map(SqlOption::of);
    return Stream.concat(named, Stream.of(of(SqlKeys.RENAME_PREFIX, SqlKeys.RENAME_DESCRIPTION)))
        .toList();
  }

  private static SqlOption of(SpecKey<?> key) {
    if (key.equals(SpecKeys.PROPERTIES)) {
      return of(SqlKeys.PROPERTIES_PREFIX, key.description());
    }
    boolean required = key.presence() != SpecKey.Presence.OPTIONAL;
    return new SqlOption(
        key.name(),
        required ? Presence.REQUIRED : Presence.OPTIONAL,
        Optional.ofNullable(key.defaultText()),
        key.description());
  }

  private static SqlOption of(String prefix, String description) {
    return new SqlOption(prefix, Presence.PREFIX, Optional.empty(), description);
  }
}
