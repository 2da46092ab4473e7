package io.datamirror.spec;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Paths of files as they stand in a spec: a file or a directory, or a pattern of files. */
public final class FileName {
  private static final Pattern WILD = Pattern.compile(".*[*?\\[{].*");

  private FileName() {}

  /** Whether {@code text}, a path or a part of one, is a pattern. */
  public static boolean isPattern(String text) {
    return WILD.matcher(text).matches();
  }

  /** Whether {@code text} is a path, or a pattern that can be read. */
  static boolean isLegal(String text) {
    try {
      matcher(text);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** What matches the files of a pattern; what is below a path that is none is meant anyway. */
  public static PathMatcher matcher(String text) {
    return isPattern(text) ? FileSystems.getDefault().getPathMatcher("glob:" + text) : path -> true;
  }
}
