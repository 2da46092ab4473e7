package io.datamirror.feed;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Turns text into UTF-8 in a buffer that is used again and again. */
final class Utf8 {

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
