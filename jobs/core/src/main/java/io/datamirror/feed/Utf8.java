package io.datamirror.feed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Turns text into UTF-8 in a buffer that is used again and again. */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  /** The first character that needs so many bytes behind the first. */
  private static final int[] SMALLEST = {0, 0x80, 0x800, 0x10000};

  private byte[] bytes = new byte[256];
  private int length;

  /** The buffer: valid up to {@link #length} until the next text. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * Encodes {@code text}.
   *
   * @throws BadValue if a surrogate stands alone: that is no character, and the standard encoder
   *     would store a question mark in its place
   */
  void encode(String text) throws BadValue {
    int most = 3 * text.length();
    if (most > bytes.length) {
      bytes = new byte[Math.max(most, 2 * bytes.length)];
    }
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes[at++] = (byte) c;
      } else if (c < 0x800) {
        bytes[at++] = (byte) (0xC0 | c >> 6);
        bytes[at++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        bytes[at++] = (byte) (0xE0 | c >> 12);
        bytes[at++] = (byte) (0x80 | (c >> 6 & 0x3F));
        bytes[at++] = (byte) (0x80 | (c & 0x3F));
      } else {
        at = encodePair(text, i, at);
        i++;
      }
    }
    length = at;
  }

  /** The text of {@code bytes}, if they are UTF-8. */
  static String decode(byte[] bytes) throws BadValue {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BadValue("its bytes are not UTF-8");
    }
  }

  /**
   * Whether the first {@code length} bytes are UTF-8: the shortest form of each character, and no
   * surrogates.
   */
  static boolean valid(byte[] bytes, int length) {
    int at = 0;
    while (at + Long.BYTES <= length && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < length) {
      int more = following(bytes, at, length);
      if (more < 0) {
        return false;
      }
      at += more + 1;
    }
    return true;
  }

  /** How many bytes belong to the one at {@code at}; -1 if they are no character. */
  private static int following(byte[] bytes, int at, int length) {
    int first = bytes[at];
    if (first >= 0) {
      return 0;
    }
    int count = first >> 5 == -2 ? 1 : first >> 4 == -2 ? 2 : first >> 3 == -2 ? 3 : 0;
    if (count == 0 || at + count >= length) {
      return -1;
    }
    int point = first & (0x3F >> count);
    for (int i = 1; i <= count; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return -1;
      }
      point = point << 6 | (bytes[at + i] & 0x3F);
    }
    boolean character =
        point >= SMALLEST[count]
            && point <= Character.MAX_CODE_POINT
            && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
    return character ? count : -1;
  }

  private int encodePair(String text, int index, int at) throws BadValue {
    int point = text.codePointAt(index);
    if (!Character.isSupplementaryCodePoint(point)) {
      throw new BadValue("a surrogate stands alone at character " + (index + 1));
    }
    bytes[at] = (byte) (0xF0 | point >> 18);
    bytes[at + 1] = (byte) (0x80 | (point >> 12 & 0x3F));
    bytes[at + 2] = (byte) (0x80 | (point >> 6 & 0x3F));
    bytes[at + 3] = (byte) (0x80 | (point & 0x3F));
    return at + 4;
  }
}
