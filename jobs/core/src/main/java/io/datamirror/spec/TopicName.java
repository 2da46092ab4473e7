package io.datamirror.spec;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Names of topics as they stand in a spec: one topic, or a pattern between slashes. */
public final class TopicName {
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  private TopicName() {}

  /** Whether Kafka would take {@code text} as the name of a topic. */
  public static boolean isTopic(String text) {
    return LEGAL.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }

  /** Whether {@code text} is a pattern of names. */
  public static boolean isPattern(String text) {
    if (text.length() < 3 || !text.startsWith("/") || !text.endsWith("/")) {
      return false;
    }
    try {
      Pattern.compile(text.substring(1, text.length() - 1));
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** The topics that {@code text} means: a topic's own name, or what its pattern matches whole. */
  public static Pattern pattern(String text) {
    return isPattern(text)
        ? Pattern.compile(text.substring(1, text.length() - 1))
        : Pattern.compile(Pattern.quote(text));
  }
}
