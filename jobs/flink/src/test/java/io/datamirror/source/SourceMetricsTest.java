package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceMetricsTest {

  private static final long HOUR = 3_600_000;

  private static TableProgress settled(long settledMillis) {
    return new TableProgress(
        "orders", Phase.CHANGES, 7, 0, 0, "x", settledMillis, 0, Optional.empty());
  }

  private static TableProgress behind(long millis) {
    return settled(System.currentTimeMillis() - millis);
  }

  @Test
  void what_is_left_of_the_retention_is_what_the_lag_leaves() {
    long left = SourceMetrics.headroom(24 * HOUR).applyAsLong(behind(20 * HOUR));
    assertThat(left).isBetween(3 * HOUR, 4 * HOUR);
    assertThat(SourceMetrics.headroom(24 * HOUR).applyAsLong(behind(30 * HOUR))).isZero();
  }

  @Test
  void it_is_scarce_when_less_than_the_share_is_left() {
    var scarce = SourceMetrics.scarce(24 * HOUR, 25);
    assertThat(scarce.applyAsLong(behind(17 * HOUR))).isZero();
    assertThat(scarce.applyAsLong(behind(19 * HOUR))).isEqualTo(1);
    assertThat(SourceMetrics.scarce(24 * HOUR, 10).applyAsLong(behind(19 * HOUR))).isZero();
  }

  @Test
  void what_is_not_known_is_neither() {
    TableProgress unknown = settled(Long.MIN_VALUE);
    assertThat(SourceMetrics.headroom(24 * HOUR).applyAsLong(unknown)).isEqualTo(-1);
    assertThat(SourceMetrics.scarce(24 * HOUR, 25).applyAsLong(unknown)).isEqualTo(-1);
  }
}
