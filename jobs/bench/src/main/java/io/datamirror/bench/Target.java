package io.datamirror.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A figure that the product is to reach.
 *
 * @param what is measured, for people
 * @param figure takes it from the comparisons of its trial, in the order of the trial's sizes; not
 *     a number where who it is about broke down or was wrong
 */
record Target(String what, Bound bound, double asked, ToDoubleFunction<List<Comparison>> figure) {

  /** On which side of what is asked a figure must be. */
  enum Bound {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }
  }

  /**
   * The rate of one contender as a multiple of the fastest of others, in the first size. Who breaks
   * down might have been the fastest, so that there is no such figure then.
   */
  static Target ratio(double asked, Contender ours, Contender... others) {
    return new Target(
        ours.title() + " ÷ " + titles(others),
        Bound.AT_LEAST,
        asked,
        comparisons ->
            rate(comparisons.get(0), ours)
                / Arrays.stream(others)
                    .mapToDouble(other -> rate(comparisons.get(0), other))
                    .reduce(Double.NEGATIVE_INFINITY, Math::max));
  }

  /** The rate of one contender in the second size as a multiple of that in the first. */
  static Target kept(String what, double asked, Contender ours) {
    return new Target(
        what,
        Bound.AT_LEAST,
        asked,
        comparisons -> rate(comparisons.get(1), ours) / rate(comparisons.get(0), ours));
  }

  private static String titles(Contender... contenders) {
    StringBuilder titles = new StringBuilder();
    for (Contender contender : contenders) {
      titles.append(titles.isEmpty() ? "" : " or ").append(contender.title());
    }
    return titles.toString();
  }

  /** The rate of a contender; not a number if it broke down or wrote a wrong table. */
  static double rate(Comparison comparison, Contender contender) {
    return notWrong(comparison, contender).map(Comparison.Result::rate).orElse(Double.NaN);
  }

  /**
   * The median of a figure of a contender's runs; not a number if it broke down or wrote a wrong
   * table.
   */
  static double figure(
      Comparison comparison, Contender contender, ToDoubleFunction<Measurement> figure) {
    return notWrong(comparison, contender).map(result -> result.median(figure)).orElse(Double.NaN);
  }

  private static Optional<Comparison.Result> notWrong(Comparison comparison, Contender contender) {
    return comparison.of(contender).filter(result -> result.verdict() != Measurement.Verdict.WRONG);
  }

  boolean reached(double value) {
    return switch (bound) {
      case AT_LEAST -> value >= asked;
      case AT_MOST -> value <= asked;
    };
  }

  /** What is asked, for people. */
  String demand() {
    return bound.sign + " " + number(asked);
  }

  static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
