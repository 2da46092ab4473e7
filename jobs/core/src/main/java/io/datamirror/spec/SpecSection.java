package io.datamirror.spec;

import java.util.List;
import java.util.Optional;

/**
 * A mapping of the spec.
 *
 * @param path how people find it, for example {@code tables[].columns}; empty for the whole spec
 */
record SpecSection(String path, String description, List<SpecKey<?>> keys) {

  Optional<SpecKey<?>> key(String name) {
    return keys.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  /** The section in a sentence. */
  String place() {
    return path.isEmpty() ? "the top of the spec" : path;
  }
}
