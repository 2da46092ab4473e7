package io.datamirror.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The common parts of the source's state formats. A record is written as a block: its length, then
 * its fields. A later release may append fields to a block; an earlier one skips what it does not
 * know.
 */
final class Wire {

  private static final int ABSENT = -1;

  private Wire() {}

  /** Writes one thing. */
  @FunctionalInterface
  interface Writer<T> {
    void write(T value, DataOutputSerializer out) throws IOException;
  }

  /** Reads one thing. */
  @FunctionalInterface
  interface Reader<T> {
    T read(DataInputDeserializer in) throws IOException;
  }

  static <T> void writeBlock(T value, Writer<T> fields, DataOutputSerializer out)
      throws IOException {
    if (value == null) {
      out.writeInt(ABSENT);
      return;
    }
    DataOutputSerializer block = new DataOutputSerializer(64);
    fields.write(value, block);
    out.writeInt(block.length());
    out.write(block.getSharedBuffer(), 0, block.length());
  }

  static <T> T readBlock(Reader<T> fields, DataInputDeserializer in) throws IOException {
    byte[] block = readBytes(in);
    return block == null ? null : fields.read(new DataInputDeserializer(block));
  }

  static <T> void writeList(List<T> values, Writer<T> fields, DataOutputSerializer out)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writeBlock(value, fields, out);
    }
  }

  static <T> List<T> readList(Reader<T> fields, DataInputDeserializer in) throws IOException {
    int size = in.readInt();
    List<T> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(readBlock(fields, in));
    }
    return values;
  }

  static void writeText(String text, DataOutputSerializer out) throws IOException {
    writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  static String readText(DataInputDeserializer in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  static void writeBytes(byte[] bytes, DataOutputSerializer out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInputDeserializer in) throws IOException {
    int length = in.readInt();
    if (length == ABSENT) {
      return null;
    }
    if (length < 0 || length > in.available()) {
      throw new IOException("state of the source is cut off");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Reads the version that everything begins with. */
  static int version(DataInputDeserializer in, int newest) throws IOException {
    int version = in.readInt();
    if (version < 1 || version > newest) {
      throw new IOException(
          "state of the source has version "
              + version
              + "; this release reads versions 1 to "
              + newest);
    }
    return version;
  }
}
