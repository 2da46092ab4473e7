package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position of a native feed: a point of the warehouse, and which incarnation of the table it
 * belongs to. A recreated table counts from the start again, so that an old point would be
 * understood, and be wrong.
 *
 * @param incarnation a digest of the table's identity
 */
record Point(long value, String incarnation) {

  private static final Pattern TEXT = Pattern.compile("(-?\\d{1,19})~([0-9a-f]{16})");
  private static final long FACTOR = 0x100000001B3L;
  private static final long BASIS = 0xCBF29CE484222325L;

  static Point at(long value, Identity identity) {
    return new Point(value, digest(identity.text()));
  }

  /** The point of a position that is not the beginning. */
  static Point of(Position position, String table) {
    Matcher text = TEXT.matcher(position.text());
    if (!text.matches()) {
      throw new MirrorException(
          ErrorCode.BAD_POSITION,
          table,
          "the stored position " + position + " is none of a native feed",
          "Was the feed of this table changed in the spec? Then mirror it into a new table.");
    }
    return new Point(Long.parseLong(text.group(1)), text.group(2));
  }

  boolean of(Identity identity) {
    return incarnation.equals(digest(identity.text()));
  }

  Position position() {
    return new Position(value + "~" + incarnation);
  }

  private static String digest(String identity) {
    long digest = BASIS;
    for (byte part : identity.getBytes(StandardCharsets.UTF_8)) {
      digest = (digest ^ (part & 0xFF)) * FACTOR;
    }
    return HexFormat.of().toHexDigits(digest);
  }
}
