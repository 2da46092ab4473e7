package io.datamirror.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where in a spec a value is replaced, key by key.
 *
 * @param keys from the spec on; not empty
 */
record OverridePath(List<String> keys) {
  /** Below these, the keys are those of a driver or a catalog, and many have dots. */
  private static final Set<String> OF_OTHERS =
      Set.of(SpecKeys.PROPERTIES.name(), SpecKeys.CATALOG.name());

  /** No key below these is a secret's: what sounds like one is a table's or a column's name. */
  private static final Set<String> OF_TABLES =
      Set.of(SpecKeys.TABLES.name(), SpecKeys.DEFAULTS.name());

  OverridePath {
    keys = List.copyOf(keys);
  }

  /** The path that a text with dots is. */
  static OverridePath parse(String text) {
    List<String> parts = List.of(text.split("\\.", -1));
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (new OverridePath(keys).isOfOthers()) {
        keys.add(String.join(".", parts.subList(i, parts.size())));
        break;
      }
      keys.add(parts.get(i));
    }
    return new OverridePath(keys);
  }

  private boolean isOfOthers() {
    return keys.size() > 1 && !isOfTables() && OF_OTHERS.contains(last());
  }

  private boolean isOfTables() {
    boolean topics =
        keys.size() > 2
            && keys.get(0).equals(SpecKeys.PUBLISH.name())
            && keys.get(1).equals(SpecKeys.TOPICS.name());
    return topics || OF_TABLES.contains(keys.get(0));
  }

  private String last() {
    return keys.get(keys.size() - 1);
  }

  /** Whether it leads nowhere. */
  boolean isBroken() {
    return keys.stream().anyMatch(String::isBlank);
  }

  /** Whether a value for this place holds a secret in clear text. */
  boolean holdsSecret(YamlNode value) {
    if (isOfTables()) {
      return false;
    }
    if (value instanceof YamlNode.Mapping mapping && !isSecret()) {
      return mapping.entries().entrySet().stream()
          .anyMatch(entry -> below(entry.getKey()).holdsSecret(entry.getValue().value()));
    }
    if (value instanceof YamlNode.Scalar scalar) {
      return !scalar.text().startsWith("${") && (isSecret() || tellsSecret(scalar.text()));
    }
    return isSecret();
  }

  /** Names of a driver's may begin with what only sounds like a secret, such as {@code sasl.}. */
  private boolean isSecret() {
    return SecretUrl.isSecretName(last().substring(last().lastIndexOf('.') + 1));
  }

  /** The configuration of a login module holds a password among other things. */
  private boolean tellsSecret(String text) {
    boolean ofOthers = keys.size() > 1 && OF_OTHERS.contains(keys.get(keys.size() - 2));
    return ofOthers && SecretUrl.holdsSecret(text.replaceAll("[\"']", ""));
  }

  private OverridePath below(String key) {
    List<String> longer = new ArrayList<>(keys);
    longer.add(key);
    return new OverridePath(longer);
  }
}
