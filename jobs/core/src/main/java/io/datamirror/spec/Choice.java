package io.datamirror.spec;

import java.util.Optional;

/** An enum whose constants are written in the spec as {@link #text()}. */
public interface Choice {
  /** The constant as it stands in the spec, for example {@code change-table}. */
  String text();

  /** What the choice does, as one sentence. */
  String meaning();

  /** The constant that is written as {@code text}. */
  static <C extends Choice> Optional<C> of(C[] choices, String text) {
    for (C choice : choices) {
      if (choice.text().equals(text)) {
        return Optional.of(choice);
      }
    }
    return Optional.empty();
  }
}
