package io.datamirror.commit;

import io.datamirror.resolve.Counts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The pieces that the binary forms of this package are made of. */
final class Binary {

  private static final int NULL_LENGTH = -1;

  /** Writes one element. */
  interface Writer<T> {
    void write(DataOutput out, T element) throws IOException;
  }

  /** Reads one element. */
  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  private Binary() {}

  static <T> void writeList(DataOutput out, List<T> elements, Writer<T> writer) throws IOException {
    out.writeInt(elements.size());
    for (T element : elements) {
      writer.write(out, element);
    }
  }

  static <T> List<T> readList(DataInput in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    List<T> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      elements.add(reader.read(in));
    }
    return elements;
  }

  /** Writes text of any length, or null. */
  static void writeText(DataOutput out, String text) throws IOException {
    if (text == null) {
      out.writeInt(NULL_LENGTH);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInput in) throws IOException {
    int length = in.readInt();
    if (length == NULL_LENGTH) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void writeCounts(DataOutput out, Counts counts) throws IOException {
    out.writeLong(counts.upserts());
    out.writeLong(counts.deletes());
    out.writeLong(counts.superseded());
    out.writeLong(counts.noOps());
    out.writeLong(counts.late());
    out.writeLong(counts.rejected());
    out.writeLong(counts.conflicts());
  }

  static Counts readCounts(DataInput in) throws IOException {
    return new Counts(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }
}
