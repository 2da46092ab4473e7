package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parts of a partition as they stand in a spec, for example {@code bucket(8, id)}. */
final class PartitionText {
  private static final Pattern WITH_WIDTH =
      Pattern.compile("(bucket|truncate)\\(\\s*([0-9]+)\\s*,\\s*(\\S(?:.*\\S)?)\\s*\\)");
  private static final Pattern OF_TIME =
      Pattern.compile("(year|month|day|hour)\\(\\s*(\\S(?:.*\\S)?)\\s*\\)");
  private static final Pattern CALL = Pattern.compile("[a-zA-Z]+\\s*\\(.*\\)");
  private static final int LONGEST_WIDTH = 6;

  private PartitionText() {}

  static ScalarType<PartitionField> type() {
    return new ScalarType<>(
        "a column, bucket(n, column), truncate(n, column), or year, month, day or hour of a column",
        SpecSchema.object("type", "string", "minLength", 1),
        PartitionText::read);
  }

  private static PartitionField read(String text, Where where) {
    Matcher time = OF_TIME.matcher(text);
    if (time.matches()) {
      return new PartitionField(transform(time.group(1)), 0, time.group(2));
    }
    Matcher width = WITH_WIDTH.matcher(text);
    if (width.matches() && isWidth(width.group(2))) {
      return new PartitionField(
          transform(width.group(1)), Integer.parseInt(width.group(2)), width.group(3));
    }
    if (text.isBlank() || CALL.matcher(text).matches()) {
      where.report(
          ErrorCode.BAD_VALUE,
          Shown.value(text) + " is not a partition",
          "Write a column, bucket(8, column), truncate(4, column), or year(column), month(column),"
              + " day(column), hour(column).");
      return null;
    }
    return new PartitionField(Transform.IDENTITY, 0, text);
  }

  private static boolean isWidth(String digits) {
    return digits.length() <= LONGEST_WIDTH && Integer.parseInt(digits) > 0;
  }

  private static Transform transform(String name) {
    return Choice.of(Transform.values(), name).orElseThrow();
  }
}
