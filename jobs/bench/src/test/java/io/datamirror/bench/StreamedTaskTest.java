package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.bench.StreamedTask.Mirror;
import io.datamirror.bench.StreamedTask.Stream;
import io.datamirror.bench.child.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mirror that comes to no end does not keep whoever measures it. */
@Timeout(30)
class StreamedTaskTest {

  private static final Duration PATIENCE = Duration.ofMillis(1_100);

  @TempDir private Path directory;
  private Order order;

  @BeforeEach
  void orderSmallEpochs() throws Exception {
    Path file = directory.resolve("order.properties");
    order = Order.read(Files.writeString(file, "epoch-rows=5\npace=1000000\n"));
  }

  @Test
  void a_mirror_that_does_not_read_to_the_end_is_given_up() {
    assertThatThrownBy(() -> new EpochsTask(order).drive(standing(4, 0)))
        .hasMessage(
            "the mirror stands still: nothing has moved for 1 s while waiting until 5 are read;"
                + " 4 of 10 changes are read, 0 can be read in the lake");
  }

  @Test
  void a_mirror_that_does_not_commit_the_end_is_given_up() {
    assertThatThrownBy(() -> new EpochsTask(order).drive(standing(10, 8)))
        .hasMessage(
            "the mirror stands still: nothing has moved for 1 s while waiting until 10 can be read"
                + " in the lake; 10 of 10 changes are read, 8 can be read in the lake");
  }

  @Test
  void a_mirror_at_a_pace_that_loses_the_end_is_given_up() {
    assertThatThrownBy(() -> new FreshnessTask(order).drive(standing(10, 8)))
        .hasMessage(
            "the mirror stands still: nothing has moved for 1 s while waiting until 10 can be read"
                + " in the lake; 10 of 10 changes are read, 8 can be read in the lake");
  }

  private static Stream standing(long read, long readable) {
    return new Stream(new Standing(read, readable), 10, PATIENCE);
  }

  /** It has come so far, and comes no farther. */
  private record Standing(long read, long readable) implements Mirror {

    @Override
    public int grow(long from, long to) {
      return (int) (to - from);
    }

    @Override
    public void checkpoint() {}

    @Override
    public boolean ended() {
      return false;
    }
  }
}
