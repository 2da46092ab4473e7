package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Chunk.Part;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LanesTest {

  private static final long SETTLE = 100;

  private final Lanes lanes = new Lanes(SETTLE, 0);

  /** Plans and reads a window at a time of the clock: lanes and their times in turn. */
  private void window(long clock, Object... lanesAndTimes) {
    window(lanes, clock, lanesAndTimes);
  }

  private static void window(Lanes lanes, long clock, Object... lanesAndTimes) {
    Window bounds = new Window(Position.BEGINNING, new Position("x"), clock);
    WindowFrame frame = new WindowFrame("t", 1, bounds, "", Long.MIN_VALUE, Long.MIN_VALUE);
    List<ChunkSplit> splits = new ArrayList<>();
    for (int i = 0; i < lanesAndTimes.length / 2; i++) {
      Chunk chunk = new Chunk(Part.CHANGES, (String) lanesAndTimes[2 * i], "");
      splits.add(new ChunkSplit(frame, i, lanesAndTimes.length / 2, chunk, Reading.NONE));
    }
    lanes.planned(chunk -> Optional.of(chunk.from()), splits);
    for (int i = 0; i < splits.size(); i++) {
      long time = ((Number) lanesAndTimes[2 * i + 1]).longValue();
      lanes.read(new Finished(splits.get(i).splitId(), "t", 1, time), clock);
    }
  }

  @Test
  void a_table_is_as_late_as_the_latest_of_its_lanes() {
    window(1_000, "a", 900, "b", 500, "a", 700);

    assertThat(lanes.timeMillis(1_000)).hasValue(500);

    window(1_010, "b", 800);
    assertThat(lanes.timeMillis(1_010)).hasValue(800);
  }

  @Test
  void a_lane_that_is_silent_for_long_holds_nobody_back() {
    window(1_000, "a", 900, "b", 500);
    window(1_090, "a", 990);

    assertThat(lanes.timeMillis(1_090)).hasValue(500);

    window(1_110, "a", 1_010);
    assertThat(lanes.timeMillis(1_110)).hasValue(1_010);
  }

  @Test
  void after_a_restart_a_slow_lane_is_given_the_time_to_speak() {
    Lanes restarted = new Lanes(SETTLE, SETTLE);
    window(restarted, 1_000, "a", 900);

    assertThat(restarted.timeMillis(1_000)).isEmpty();

    window(restarted, 1_050, "a", 950, "b", 500);
    assertThat(restarted.timeMillis(1_099)).isEmpty();
    assertThat(restarted.timeMillis(1_100)).hasValue(500);
  }

  @Test
  void when_all_are_silent_the_clock_counts_but_not_at_once() {
    assertThat(lanes.timeMillis(1_000)).isEmpty();
    assertThat(lanes.timeMillis(1_100)).isEmpty();
    assertThat(lanes.timeMillis(1_101)).hasValue(1_001);
  }
}
