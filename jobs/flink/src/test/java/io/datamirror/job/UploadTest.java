package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.TableHistory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UploadTest {

  @Test
  void nothing_is_applied_to_a_table_that_the_next_start_takes_back_to_nothing() {
    for (Optional<TableHistory> history :
        List.of(Optional.<TableHistory>empty(), Optional.of(at("", 0)))) {
      assertThatThrownBy(() -> Upload.requirePosition("t", history))
          .isInstanceOf(MirrorException.class)
          .hasMessage(
              "MIRROR-3043 t: the lake is not complete to any position of its source yet, so that"
                  + " the next start reads the table from its beginning and forgets what was applied."
                  + " Apply the file when the mirror has read the whole table once.");
    }
    assertThatCode(() -> Upload.requirePosition("t", Optional.of(at("7", 4))))
        .doesNotThrowAnyException();
  }

  /** A table of five epochs that is complete to a position. */
  private static TableHistory at(String position, long positionEpoch) {
    return new TableHistory(
        1, 1, 5, "commit", position, positionEpoch, Long.MIN_VALUE, Long.MIN_VALUE, 7, 1_000, 3);
  }
}
