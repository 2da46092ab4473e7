package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of Flink, as far as it decides what runs on it. */
public record FlinkVersion(int major, int minor, String text) {

  private static final Pattern FORM = Pattern.compile("([0-9]+)\\.([0-9]+)(?:[.-].*)?");

  /** Reads for example {@code 2.3.0}. */
  public static FlinkVersion parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new FlinkVersion(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), text);
  }

  /**
   * Looks whether something that was built for this version runs on another.
   *
   * @param place what has the other version
   */
  public void requireFits(FlinkVersion other, String place) {
    if (other.major != major) {
      throw new MirrorException(
          ErrorCode.FLINK_VERSION,
          place,
          "this is Flink " + other.text + ", and the jar was built for Flink " + text,
          "Use a cluster of Flink " + major + ", or a jar that was built for it.");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
