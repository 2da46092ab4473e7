package io.datamirror.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllProblemsTest {

  private static final MirrorException SILENT =
      new MirrorException(ErrorCode.BROKER_UNREACHABLE, "kafka", "it is silent", "Wake it.");
  private static final Problem MISSING =
      new Problem(ErrorCode.MISSING_COLUMN, "t.a", 3, "it is missing", "Add it.");

  private final AllProblems problems = new AllProblems();

  private void find(RuntimeException found) {
    assertThat(
            problems.of(
                () -> {
                  throw found;
                }))
        .isEmpty();
  }

  @Test
  void looks_that_find_nothing_give_what_they_are_for() {
    assertThat(problems.of(() -> 1)).contains(1);
    assertThatCode(() -> problems.throwIfAny("it")).doesNotThrowAnyException();
  }

  @Test
  void every_look_is_heard_and_the_same_is_said_once() {
    find(new ProblemsException("a", List.of(MISSING)));
    find(SILENT);
    find(new ProblemsException("b", List.of(MISSING)));

    assertThatThrownBy(() -> problems.throwIfAny("it"))
        .isInstanceOf(ProblemsException.class)
        .hasMessage(
            """
            MIRROR-1024 t.a (line 3): it is missing. Add it.
            MIRROR-2045 kafka: it is silent. Wake it.
            2 problems in it""");
  }

  @Test
  void an_error_that_is_alone_stays_what_it_was() {
    find(SILENT);

    assertThatThrownBy(() -> problems.throwIfAny("it")).isSameAs(SILENT);
  }
}
