package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.junit.jupiter.api.Test;

/** Which failures to read files of the lake pass by themselves. */
class LakeFailureReadingTest {

  @Test
  void storage_that_does_not_answer_is_the_lake_out_of_reach() {
    for (RuntimeException failure :
        List.of(
            new RuntimeIOException(new IOException("secret"), "secret"),
            new UncheckedIOException(new IOException("secret")),
            new org.apache.iceberg.exceptions.ServiceUnavailableException("secret"))) {
      assertThat(LakeFailure.reading(failure, "t"))
          .hasMessageStartingWith("MIRROR-3001 t: ")
          .hasMessageNotContaining("secret");
      assertThat(LakeFailure.passes(failure)).isTrue();
    }
  }

  @Test
  void mistakes_and_files_that_are_gone_stay_what_they_are() {
    for (RuntimeException failure :
        List.of(
            new IllegalStateException("a mistake"),
            new NotFoundException("a file"),
            new UncheckedIOException(new FileNotFoundException("a file")))) {
      assertThat(LakeFailure.reading(failure, "t")).isSameAs(failure);
      assertThat(LakeFailure.passes(failure)).isFalse();
    }
  }
}
