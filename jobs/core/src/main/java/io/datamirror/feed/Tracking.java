package io.datamirror.feed;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a warehouse says of the history that it keeps of a table.
 *
 * @param state whether it keeps changes now
 * @param identity which incarnation of the table this is; never empty
 * @param retention how far back changes can be read; empty when the warehouse does not tell
 * @param enable the exact statement that turns it on
 */
public record Tracking(
    State state, Identity identity, Optional<Duration> retention, String enable) {

  /** Whether a warehouse keeps changes. */
  public enum State {
    ON,
    OFF
  }

  public Tracking {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(retention, "retention");
    Objects.requireNonNull(enable, "enable");
  }

  /** What a position that lags {@code lag} behind may still lose of the retention. */
  public Optional<Duration> headroom(Duration lag) {
    return retention.map(whole -> whole.minus(lag));
  }

  /** Whether what is left of the retention is less than a share of it, in percent. */
  public boolean scarce(Duration lag, int percent) {
    return headroom(lag)
        .filter(left -> left.toMillis() < retention.orElseThrow().toMillis() / 100 * percent)
        .isPresent();
  }
}
