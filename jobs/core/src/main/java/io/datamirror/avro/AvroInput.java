package io.datamirror.avro;

import io.datamirror.record.BadRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The primitives of Avro's binary encoding, read from one record. Whatever the bytes are, nothing
 * is read beyond their end, and nothing is allocated that is larger than they are.
 */
final class AvroInput {

  private static final int DEEPEST = 500;
  private static final int MOST_SHIFTED = 63;

  private final byte[] bytes;
  private int at;
  private int depth;
  private long items;

  AvroInput(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  /** Where the next value begins. */
  int at() {
    return at;
  }

  /** Goes to where a value begins, which is read anew. */
  void moveTo(int place) {
    at = place;
    items = 0;
  }

  int remaining() {
    return bytes.length - at;
  }

  /** Goes into something that holds values; recursive schemas can do so without an end. */
  void enter() throws BadRecord {
    if (++depth > DEEPEST) {
      throw new BadRecord("its Avro is too deep");
    }
  }

  void leave() {
    depth--;
  }

  private int next() throws BadRecord {
    if (at == bytes.length) {
      throw brokenOff();
    }
    return bytes[at++];
  }

  private static BadRecord brokenOff() {
    return new BadRecord("its Avro is broken off");
  }

  boolean readBoolean() throws BadRecord {
    int next = next();
    if (next != 0 && next != 1) {
      throw new BadRecord("a boolean in its Avro is neither 0 nor 1");
    }
    return next == 1;
  }

  int readInt() throws BadRecord {
    long value = readLong();
    if (value != (int) value) {
      throw new BadRecord("an int in its Avro has more than 32 bits");
    }
    return (int) value;
  }

  long readLong() throws BadRecord {
    long value = 0;
    for (int shift = 0; shift <= MOST_SHIFTED; shift += 7) {
      int next = next();
      if (shift == MOST_SHIFTED && (next & 0xFE) != 0) {
        break;
      }
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new BadRecord("a number in its Avro has more than 64 bits");
  }

  float readFloat() throws BadRecord {
    return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
  }

  double readDouble() throws BadRecord {
    return Double.longBitsToDouble(littleEndian(Double.BYTES));
  }

  private long littleEndian(int length) throws BadRecord {
    int start = advance(length);
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | bytes[start + i] & 0xFF;
    }
    return value;
  }

  /** Passes over {@code length} bytes; where they began. */
  int advance(int length) throws BadRecord {
    if (length > remaining()) {
      throw brokenOff();
    }
    int start = at;
    at += length;
    return start;
  }

  /** How long the bytes are that follow. */
  int readLength() throws BadRecord {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw brokenOff();
    }
    return (int) length;
  }

  byte[] readBytes(int length) throws BadRecord {
    int start = advance(length);
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  String readText() throws BadRecord {
    int length = readLength();
    int start = advance(length);
    String text = new String(bytes, start, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0 && !is(text, start, length)) {
      throw new BadRecord("a text in its Avro is not UTF-8");
    }
    return text;
  }

  private boolean is(String text, int start, int length) {
    byte[] again = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(again, 0, again.length, bytes, start, start + length);
  }

  /** Which of {@code count} alternatives follows. */
  int readIndex(int count) throws BadRecord {
    long index = readLong();
    if (index < 0 || index >= count) {
      throw new BadRecord("a union or an enum in its Avro has no such alternative");
    }
    return (int) index;
  }

  /**
   * How many items follow before the next count; 0 if there are no more. Items take a byte at
   * least: more of them than there are bytes would only keep the reader busy.
   */
  int readBlock() throws BadRecord {
    long count = readLong();
    if (count < 0) {
      count = -count;
      readLength();
    }
    items += count;
    if (count < 0 || count > remaining() || items > bytes.length) {
      throw new BadRecord("an array or a map in its Avro claims more items than there are bytes");
    }
    return (int) count;
  }
}
