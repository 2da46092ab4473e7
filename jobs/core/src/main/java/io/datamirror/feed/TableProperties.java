package io.datamirror.feed;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the properties of a Delta table say of its history. They come as one text, as JSON or as
 * {@code {name=value}}, by how the driver renders a map.
 */
record TableProperties(String text) {

  private static final Duration DELETED_FILES = Duration.ofDays(7);
  private static final Duration LOG = Duration.ofDays(30);
  private static final Pattern AMOUNT =
      Pattern.compile("(\\d{1,9}) (second|minute|hour|day|week)s?(?= |$)");

  TableProperties {
    text = text == null ? "" : text;
  }

  boolean changeDataFeed() {
    return value("delta.enableChangeDataFeed").filter("true"::equalsIgnoreCase).isPresent();
  }

  /**
   * How long changes can be read: until VACUUM removes their files, or their part of the log goes.
   * Empty when it is set to something that is no plain interval.
   */
  Optional<Duration> retention() {
    Optional<Duration> files = duration("delta.deletedFileRetentionDuration", DELETED_FILES);
    Optional<Duration> log = duration("delta.logRetentionDuration", LOG);
    return files.isPresent() && log.isPresent()
        ? Optional.of(files.get().compareTo(log.get()) < 0 ? files.get() : log.get())
        : Optional.empty();
  }

  private Optional<Duration> duration(String name, Duration otherwise) {
    Optional<String> value = value(name);
    return value.isPresent() ? interval(value.get()) : Optional.of(otherwise);
  }

  private Optional<String> value(String name) {
    Matcher matcher =
        Pattern.compile("[{,\\s\"]" + Pattern.quote(name) + "\"?\\s*[:=]\\s*\"?([^\",}]*)")
            .matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1).trim()) : Optional.empty();
  }

  /** A text such as {@code interval 1 week 2 days}. */
  private static Optional<Duration> interval(String text) {
    String amounts = text.toLowerCase(Locale.ROOT).replaceFirst("^interval ", "").trim();
    Duration sum = Duration.ZERO;
    int at = 0;
    Matcher amount = AMOUNT.matcher(amounts);
    while (amount.find(at) && amount.start() == at) {
      sum = sum.plus(seconds(amount.group(2)).multipliedBy(Long.parseLong(amount.group(1))));
      at = amount.end();
      while (at < amounts.length() && amounts.charAt(at) == ' ') {
        at++;
      }
    }
    return at == amounts.length() && at > 0 ? Optional.of(sum) : Optional.empty();
  }

  private static Duration seconds(String unit) {
    return switch (unit) {
      case "second" -> Duration.ofSeconds(1);
      case "minute" -> Duration.ofMinutes(1);
      case "hour" -> Duration.ofHours(1);
      case "day" -> Duration.ofDays(1);
      case "week" -> Duration.ofDays(7);
      default -> throw new IllegalArgumentException(unit);
    };
  }
}
