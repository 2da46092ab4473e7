package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which names a namespace or a table may have in the lake. A name becomes a directory, a key of a
 * catalog and a part of a URL, and catalogs join it to paths without looking; so only what means
 * the same everywhere is allowed, and nothing is rewritten.
 */
public final class LakeName {
  /** Names that begin so are the mirror's own tables. */
  public static final String RESERVED_PREFIX = "mirror_";

  static final String NEXT_STEP =
      "Write letters, digits, _, - and single spaces; the name in the source stays as it is.";

  private static final int MOST_BYTES = 255;
  private static final Pattern DEVICE =
      Pattern.compile("(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\\$|conout\\$");

  private LakeName() {}

  /** Why a name may not be a table's; empty if it may. */
  public static Optional<String> problemOfTable(String name) {
    if (folded(name).startsWith(RESERVED_PREFIX)) {
      return Optional.of("names that begin with mirror_ are the mirror's own");
    }
    return problemOf(name);
  }

  /** Why a name may not be a namespace's; empty if it may. */
  public static Optional<String> problemOf(String name) {
    if (name.isEmpty()) {
      return Optional.of("it is empty");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return Optional.of("it is longer than 255 bytes");
    }
    Optional<String> character = problemOfCharacters(name);
    if (character.isPresent()) {
      return character;
    }
    if (name.startsWith(" ") || name.endsWith(" ") || name.contains("  ")) {
      return Optional.of("it begins or ends with a space, or has two in a row");
    }
    if (name.startsWith("-")) {
      return Optional.of("it begins with -");
    }
    if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
      return Optional.of("its Unicode is not in the composed form NFC");
    }
    return DEVICE.matcher(name).matches()
        ? Optional.of("Windows keeps this name for a device")
        : Optional.empty();
  }

  private static Optional<String> problemOfCharacters(String name) {
    int first = name.codePointAt(0);
    if (isMark(first)) {
      return Optional.of("it begins with a combining mark");
    }
    return name.codePoints()
        .filter(character -> !isAllowed(character))
        .boxed()
        .findFirst()
        .map(character -> "it holds " + Shown.quoted(Character.toString(character)));
  }

  private static boolean isAllowed(int character) {
    return Character.isLetterOrDigit(character)
        || isMark(character)
        || character == '_'
        || character == '-'
        || character == ' ';
  }

  private static boolean isMark(int character) {
    int type = Character.getType(character);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  /** The name without case: two names that fold to one would meet on some file systems. */
  public static String folded(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
  }

  /**
   * Checks a name just before a catalog sees it.
   *
   * @throws MirrorException if it may not be a namespace's or a table's
   */
  public static String require(String name) {
    Optional<String> problem = problemOf(name);
    if (problem.isPresent()) {
      throw new MirrorException(
          ErrorCode.BAD_NAME, Shown.quoted(name), sentence(problem.get()), NEXT_STEP);
    }
    return name;
  }

  static String sentence(String problem) {
    return "this cannot be a name in the lake: " + problem;
  }
}
