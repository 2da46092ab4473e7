package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the REST interface of a cluster is. */
public record ClusterAddress(String host, int port) {

  private static final Pattern FORM = Pattern.compile("([^:/\\s@]+):([0-9]{1,5})");
  private static final int GREATEST_PORT = 65_535;

  /**
   * Reads {@code HOST:PORT}.
   *
   * @param option the option it was given to
   */
  public static ClusterAddress parse(String option, String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int port = Integer.parseInt(matcher.group(2));
      if (port > 0 && port <= GREATEST_PORT) {
        return new ClusterAddress(matcher.group(1), port);
      }
    }
    throw new MirrorException(
        ErrorCode.WRONG_ARGUMENT,
        option,
        "this is not HOST:PORT",
        "Write for example " + option + " localhost:8081.");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
