package io.datamirror.error;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** What several looks at one thing find wrong with it, so that a user hears of all at once. */
public final class AllProblems {

  private final List<Problem> problems = new ArrayList<>();
  private MirrorException failure;

  /** One look, which throws what it finds wrong. */
  @FunctionalInterface
  public interface Look<T, E extends Exception> {
    T look() throws E;
  }

  /** Looks. What comes of it; empty when something is wrong, which is kept. */
  public <T, E extends Exception> Optional<T> of(Look<T, E> look) throws E {
    try {
      return Optional.of(look.look());
    } catch (ProblemsException e) {
      problems.addAll(e.problems());
    } catch (MirrorException e) {
      failure = e;
      problems.add(Problem.of(e));
    }
    return Optional.empty();
  }

  /**
   * All looks were taken. An error that is alone stays what it was.
   *
   * @param subject what was looked at
   * @throws ProblemsException with everything that was found
   */
  public void throwIfAny(String subject) {
    if (failure != null && problems.size() == 1) {
      throw failure;
    }
    if (!problems.isEmpty()) {
      throw new ProblemsException(subject, List.copyOf(new LinkedHashSet<>(problems)));
    }
  }
}
