package io.datamirror.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes byte arrays and texts with their length in front; a missing one has the length -1. */
final class Bytes {

  private Bytes() {}

  static void write(byte[] bytes, DataOutputView target) throws IOException {
    if (bytes == null) {
      target.writeInt(-1);
      return;
    }
    target.writeInt(bytes.length);
    target.write(bytes);
  }

  static byte[] read(DataInputView source) throws IOException {
    int length = source.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return bytes;
  }

  static void writeText(String text, DataOutputView target) throws IOException {
    write(text == null ? null : text.getBytes(StandardCharsets.UTF_8), target);
  }

  static String readText(DataInputView source) throws IOException {
    byte[] bytes = read(source);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
