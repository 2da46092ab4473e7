package io.datamirror.spec;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they stand in a spec: a whole number and its unit, for example {@code 30s}. */
public final class DurationText {
  /** What a duration looks like; blanks between number and unit are allowed. */
  static final String PATTERN = "[0-9]+ ?(ms|s|m|h|d)";

  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,12}) ?(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);
  private static final Duration LONGEST = Duration.ofDays(365L * 100);

  private DurationText() {}

  /** The duration; empty if the text is none, or is longer than a hundred years. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    ChronoUnit unit = UNITS.get(matcher.group(2));
    if (count > LONGEST.dividedBy(unit.getDuration())) {
      return Optional.empty();
    }
    return Optional.of(Duration.of(count, unit));
  }

  /** Whether this is a number and a unit, however long. */
  static boolean hasKnownUnit(String text) {
    return text.matches(PATTERN);
  }

  /** The duration in the greatest unit that leaves it whole. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 86_400_000 == 0) {
      return millis / 86_400_000 + "d";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }
}
