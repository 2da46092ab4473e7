package io.datamirror.spec;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Guesses what a user meant by a key that does not exist. */
final class UnknownKey {
  private UnknownKey() {}

  static String nextStep(SpecSection section, String name) {
    if (name.contains(":")) {
      return "Write a space after the colon.";
    }
    Optional<String> other =
        section.keys().stream()
            .filter(key -> key.otherNames().contains(normal(name)))
            .map(SpecKey::name)
            .findFirst();
    if (other.isPresent()) {
      return "Write " + other.get() + " instead.";
    }
    Optional<String> near = nearest(section, normal(name));
    if (near.isPresent()) {
      return "Did you mean " + near.get() + "?";
    }
    Optional<String> elsewhere =
        SpecKeys.SECTIONS.stream()
            .filter(candidate -> candidate.key(name).isPresent())
            .map(SpecSection::place)
            .findFirst();
    return elsewhere
        .map(place -> "Move it to " + place + ".")
        .orElseGet(() -> "The keys here are " + names(section) + ".");
  }

  private static Optional<String> nearest(SpecSection section, String name) {
    int farthest = Math.max(1, name.length() / 3);
    return section.keys().stream()
        .map(SpecKey::name)
        .filter(candidate -> distance(candidate, name) <= farthest)
        .min(Comparator.comparingInt(candidate -> distance(candidate, name)));
  }

  private static String names(SpecSection section) {
    return section.keys().stream().map(SpecKey::name).collect(Collectors.joining(", "));
  }

  /** Other conventions of writing keys, written in ours. */
  private static String normal(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** How many letters must be put in, taken out or changed to make one of the other. */
  private static int distance(String one, String other) {
    int[] previous = new int[other.length() + 1];
    for (int column = 0; column <= other.length(); column++) {
      previous[column] = column;
    }
    for (int row = 1; row <= one.length(); row++) {
      int[] current = new int[other.length() + 1];
      current[0] = row;
      for (int column = 1; column <= other.length(); column++) {
        int changed = one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                previous[column - 1] + changed,
                Math.min(previous[column], current[column - 1]) + 1);
      }
      previous = current;
    }
    return previous[other.length()];
  }
}
