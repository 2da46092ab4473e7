package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class TrialSavepointTest {
  private static final String LEFT =
      "The savepoint s3://kept/savepoint-1 was for the check alone and could not be deleted: it"
          + " stays until you delete it.\n";

  private final List<String> told = new ArrayList<>();
  private final StringWriter said = new StringWriter();

  @Test
  void it_is_deleted_whatever_the_answer_is() {
    assertThat(trial(new Job()).answers(asked(true))).isTrue();
    assertThat(trial(new Job()).answers(asked(false))).isFalse();
    assertThat(told)
        .containsExactly(
            "asked s3://kept/savepoint-1",
            "disposed s3://kept/savepoint-1",
            "asked s3://kept/savepoint-1",
            "disposed s3://kept/savepoint-1");
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void one_that_cannot_be_deleted_is_named_and_the_answer_stands() {
    assertThat(trial(new Kept()).answers(asked(true))).isTrue();
    assertThat(trial(new Kept()).answers(asked(false))).isFalse();
    assertThat(said.toString()).isEqualTo(LEFT + LEFT);
  }

  @Test
  void a_question_that_fails_is_told_and_so_is_a_savepoint_that_stays() {
    Predicate<String> failing =
        savepoint -> {
          throw new IllegalStateException("no java");
        };

    assertThatThrownBy(() -> trial(new Kept()).answers(failing)).hasMessage("no java");
    assertThat(said.toString()).isEqualTo(LEFT);
  }

  private Predicate<String> asked(boolean answer) {
    return savepoint -> {
      told.add("asked " + savepoint);
      return answer;
    };
  }

  private TrialSavepoint trial(TrialSavepoint.RunningJob job) {
    return new TrialSavepoint(
        job, Console.of(MirrorCommand.commandLine().setErr(new PrintWriter(said))));
  }

  private class Job implements TrialSavepoint.RunningJob {
    @Override
    public String savepoint() {
      return "s3://kept/savepoint-1";
    }

    @Override
    public void dispose(String savepoint) {
      told.add("disposed " + savepoint);
    }
  }

  /** A job whose savepoints nobody may delete. */
  private final class Kept extends Job {
    @Override
    public void dispose(String savepoint) {
      throw new MirrorException(
          ErrorCode.CLUSTER_UNREACHABLE, "localhost:8081", "it does not answer", "Ask again.");
    }
  }
}
