package io.datamirror.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.testing.Serialized;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MirrorExceptionTest {
  private static final Problem BAD_UNIT =
      new Problem(ErrorCode.BAD_UNIT, "source.settle", 7, "\"5\" has no unit", "Write 5s.");
  private static final Problem MISSING =
      Problem.of(
          ErrorCode.MISSING_COLUMN, "orders.id", "it is not in the source", "Mend the spec.");

  @Test
  void theMessageHasCodeObjectSentenceAndNextStep() {
    assertThat(
            new MirrorException(
                ErrorCode.SPEC_SYNTAX, "airports.yaml", "this is not YAML", "Check the quotes."))
        .hasMessage("MIRROR-1001 airports.yaml: this is not YAML. Check the quotes.");
  }

  @Test
  void theCauseIsKeptButItsMessageIsNotRepeated() {
    IOException cause = new IOException("jdbc:x://user:canary@host");

    MirrorException error =
        MirrorException.causedBy(
            cause, ErrorCode.DATABASE_UNREACHABLE, "source", "it does not answer", "Start it.");

    assertThat(error).hasCause(cause);
    assertThat(error.toString()).doesNotContain("canary");
  }

  @Test
  void travelsFromATaskToTheClient() {
    MirrorException error =
        Serialized.copyOf(
            new MirrorException(ErrorCode.BAD_ROW, "orders", "a key is null", "Mend it."));

    assertThat(error.code()).isEqualTo(ErrorCode.BAD_ROW);
    assertThat(error.object()).isEqualTo("orders");
    assertThat(error.sentence()).isEqualTo("a key is null");
    assertThat(error.nextStep()).isEqualTo("Mend it.");
  }

  @Test
  void manyProblemsAreOneLineEachAndThenCounted() {
    assertThat(new ProblemsException("airports.yaml", List.of(BAD_UNIT, MISSING)))
        .hasMessage(
            """
            MIRROR-1005 source.settle (line 7): "5" has no unit. Write 5s.
            MIRROR-1024 orders.id: it is not in the source. Mend the spec.
            2 problems in airports.yaml\
            """);
  }

  @Test
  void oneProblemIsCountedAsOne() {
    assertThat(new ProblemsException("airports.yaml", List.of(MISSING)))
        .message()
        .endsWith("\n1 problem in airports.yaml");
  }

  @Test
  void problemsTravelToo() {
    ProblemsException copy =
        Serialized.copyOf(new ProblemsException("a.yaml", List.of(BAD_UNIT, MISSING)));

    assertThat(copy.problems()).containsExactly(BAD_UNIT, MISSING);
    assertThat(copy.exitCode()).isEqualTo(2);
  }

  @Test
  void noProblemsAreNoException() {
    assertThatThrownBy(() -> new ProblemsException("a.yaml", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no problems");
  }
}
