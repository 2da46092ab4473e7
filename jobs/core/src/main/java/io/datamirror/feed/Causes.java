package io.datamirror.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A failure and what led to it. */
final class Causes {

  // Causes may lead in a circle.
  private static final int DEEPEST = 20;

  private Causes() {}

  /** The failure itself, then its cause, and so on. */
  static List<Throwable> of(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Throwable cause = failure;
    while (cause != null && causes.size() < DEEPEST) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  /** The first of a kind, the failure itself included. */
  static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> kind) {
    return of(failure).stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }
}
