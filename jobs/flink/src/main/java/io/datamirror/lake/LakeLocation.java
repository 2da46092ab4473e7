package io.datamirror.lake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;

/** Compares places of files, whatever storage they are in. */
final class LakeLocation {

  private LakeLocation() {}

  /**
   * Whether {@code location} lies truly below {@code prefix}, with {@code ..} taken at its word.
   */
  static boolean contains(String prefix, String location) {
    Deque<String> outer = steps(prefix);
    Deque<String> inner = steps(location);
    if (outer == null || inner == null || inner.size() <= outer.size()) {
      return false;
    }
    Iterator<String> step = inner.iterator();
    return outer.stream().allMatch(expected -> expected.equals(step.next()));
  }

  /** Scheme and authority first, then the directories; null when it climbs above its root. */
  private static Deque<String> steps(String location) {
    int colon = location.indexOf(':');
    String scheme = colon < 0 ? "file" : location.substring(0, colon).toLowerCase(Locale.ROOT);
    String path = colon < 0 ? location : location.substring(colon + 1);
    Deque<String> steps = new ArrayDeque<>();
    for (String step : path.replace('\\', '/').split("/")) {
      if (step.equals("..")) {
        if (steps.pollLast() == null) {
          return null;
        }
      } else if (!step.isEmpty() && !step.equals(".")) {
        steps.addLast(step);
      }
    }
    steps.addFirst(scheme);
    return steps;
  }
}
