package io.datamirror.source;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file of an embedded database, in a JDBC URL. */
final class DatabaseFile {

  /** H2 takes no relative path that does not begin so. */
  private static final Pattern RELATIVE =
      Pattern.compile("(jdbc:h2:(?:file:)?)(\\.\\.?/[^;]*)(.*)", Pattern.DOTALL);

  private DatabaseFile() {}

  /** The URL with the path that is relative to this process's directory made absolute. */
  static String absolute(String url) {
    Matcher relative = RELATIVE.matcher(url);
    return relative.matches()
        ? relative.group(1)
            + Path.of(relative.group(2)).toAbsolutePath().normalize()
            + relative.group(3)
        : url;
  }
}
