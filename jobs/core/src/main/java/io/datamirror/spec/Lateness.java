package io.datamirror.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** How long a key is remembered after its last change: forever, or for a time. */
public final class Lateness implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Nothing is ever forgotten, so no change is ever late. */
  public static final Lateness FOREVER = new Lateness(null);

  private final Duration limit;

  private Lateness(Duration limit) {
    this.limit = limit;
  }

  /** A key may be forgotten once the watermark is past its time plus {@code limit}. */
  public static Lateness of(Duration limit) {
    return new Lateness(Objects.requireNonNull(limit, "limit"));
  }

  /** The time that a key is remembered; empty means forever. */
  public Optional<Duration> limit() {
    return Optional.ofNullable(limit);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lateness that && Objects.equals(limit, that.limit);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(limit);
  }

  /** The limit as it stands in the spec. */
  @Override
  public String toString() {
    return limit == null ? "forever" : DurationText.format(limit);
  }
}
