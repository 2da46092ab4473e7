package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import io.datamirror.spec.SecretText.Display;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values that are one text.
 *
 * @param reader makes something of the text; null once what is wrong has been reported
 * @param display how much of the text may be shown
 */
record ScalarType<T>(
    String title, Map<String, Object> schema, BiFunction<String, Where, T> reader, Display display)
    implements ValueType<T> {
  private static final Pattern BARE_NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern NUMBER_WITH_LETTERS = Pattern.compile("[0-9]+ *\\p{L}+");
  private static final Pattern MIRROR_NAME = Pattern.compile("[a-z][a-z0-9-]*");

  /** Texts that are no secret. */
  ScalarType(String title, Map<String, Object> schema, BiFunction<String, Where, T> reader) {
    this(title, schema, reader, Display.WHOLE);
  }

  @Override
  public T read(YamlNode node, Where where) {
    if (node instanceof YamlNode.Scalar scalar && !scalar.absent()) {
      return reader.apply(scalar.text(), where);
    }
    String found = node.isAbsent() ? "nothing" : node.kind();
    where.report(
        ErrorCode.BAD_VALUE,
        "here stands " + found + " where a text must be",
        "Write " + title + ".");
    return null;
  }

  @Override
  public Display display(String path) {
    return display;
  }

  /** Any text that is not blank. */
  static ScalarType<String> text(String title) {
    return new ScalarType<>(
        title, SpecSchema.object("type", "string", "minLength", 1), ScalarType::notBlank);
  }

  /** The name of a column: a blank is a name like any other. */
  static ScalarType<String> column() {
    return new ScalarType<>(
        "the name of a column",
        SpecSchema.object("type", "string", "minLength", 1),
        (text, where) -> text.isEmpty() ? notBlank(text, where) : text);
  }

  static String notBlank(String text, Where where) {
    if (text.isBlank()) {
      where.report(ErrorCode.BAD_VALUE, "the text is empty", "Write it, or take the key out.");
      return null;
    }
    return text;
  }

  static ScalarType<String> mirrorName() {
    return new ScalarType<>(
        "a name of small letters, digits and -",
        SpecSchema.object("type", "string", "pattern", "^" + MIRROR_NAME + "$"),
        (text, where) -> {
          if (MIRROR_NAME.matcher(text).matches()) {
            return text;
          }
          where.report(
              ErrorCode.BAD_NAME,
              Shown.value(text) + " cannot be the name of a mirror",
              "Write small letters, digits and -, beginning with a letter, for example airports.");
          return null;
        });
  }

  /** A name that {@code problem} finds nothing wrong with. */
  static ScalarType<String> lakeName(
      String title, java.util.function.Function<String, Optional<String>> problem) {
    return new ScalarType<>(
        title,
        SpecSchema.object("type", "string", "minLength", 1, "maxLength", 255),
        (text, where) -> {
          Optional<String> found = problem.apply(text);
          found.ifPresent(
              reason ->
                  where.report(ErrorCode.BAD_NAME, LakeName.sentence(reason), LakeName.NEXT_STEP));
          return found.isPresent() ? null : text;
        });
  }

  static <C extends Choice> ScalarType<C> choice(C[] choices) {
    String all = Arrays.stream(choices).map(Choice::text).collect(Collectors.joining(", "));
    return new ScalarType<>(
        "one of " + all,
        SpecSchema.object("enum", Arrays.stream(choices).map(Choice::text).toList()),
        (text, where) ->
            Choice.of(choices, text)
                .orElseGet(
                    () -> {
                      where.report(
                          ErrorCode.BAD_VALUE,
                          Shown.value(text) + " is not a value of this key",
                          "Write one of " + all + ".");
                      return null;
                    }));
  }

  static ScalarType<Boolean> trueOrFalse() {
    return new ScalarType<>(
        "true or false",
        SpecSchema.object("type", "boolean"),
        (text, where) -> {
          if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
          }
          where.report(
              ErrorCode.BAD_VALUE,
              Shown.value(text) + " is not a value of this key",
              "Write true or false.");
          return null;
        });
  }

  static ScalarType<Integer> wholeNumber(int least, int most) {
    String range = "a whole number from " + least + " to " + most;
    return new ScalarType<>(
        range,
        SpecSchema.object("type", "integer", "minimum", least, "maximum", most),
        (text, where) -> {
          Optional<Integer> number =
              BARE_NUMBER.matcher(text).matches() && text.length() <= 9
                  ? Optional.of(Integer.valueOf(text))
                  : Optional.empty();
          if (number.filter(found -> found >= least && found <= most).isPresent()) {
            return number.get();
          }
          where.report(
              ErrorCode.BAD_VALUE,
              Shown.value(text) + " is not " + range,
              "Write a number from " + least + " to " + most + ".");
          return null;
        });
  }

  static ScalarType<Duration> duration() {
    return new ScalarType<>(
        "a duration such as 30s",
        SpecSchema.object("type", "string", "pattern", "^" + DurationText.PATTERN + "$"),
        ScalarType::readDuration);
  }

  static ScalarType<Duration> positiveDuration() {
    return new ScalarType<>(
        "a duration such as 30s, more than zero",
        duration().schema(),
        (text, where) -> {
          Duration duration = readDuration(text, where);
          if (duration != null && duration.isZero()) {
            where.report(
                ErrorCode.BAD_VALUE,
                "the duration is zero",
                "Write a longer one, for example 30s.");
            return null;
          }
          return duration;
        });
  }

  static ScalarType<Lateness> lateness() {
    return new ScalarType<>(
        "forever, or a duration such as 7d",
        SpecSchema.object("type", "string", "pattern", "^(forever|" + DurationText.PATTERN + ")$"),
        (text, where) -> {
          if (text.equals("forever")) {
            return Lateness.FOREVER;
          }
          Duration limit = readDuration(text, where);
          return limit == null ? null : Lateness.of(limit);
        });
  }

  private static Duration readDuration(String text, Where where) {
    Optional<Duration> duration = DurationText.parse(text);
    if (duration.isEmpty()) {
      reportDuration(text, where);
    }
    return duration.orElse(null);
  }

  private static void reportDuration(String text, Where where) {
    String nextStep = "Write a whole number and ms, s, m, h or d, for example 30s.";
    if (BARE_NUMBER.matcher(text).matches()) {
      where.report(ErrorCode.BAD_UNIT, Shown.value(text) + " has no unit", nextStep);
    } else if (DurationText.hasKnownUnit(text)) {
      where.report(
          ErrorCode.BAD_VALUE, Shown.value(text) + " is longer than a hundred years", nextStep);
    } else if (NUMBER_WITH_LETTERS.matcher(text).matches()) {
      where.report(
          ErrorCode.BAD_UNIT, Shown.value(text) + " has a unit that does not exist", nextStep);
    } else {
      where.report(ErrorCode.BAD_VALUE, Shown.value(text) + " is not a duration", nextStep);
    }
  }
}
