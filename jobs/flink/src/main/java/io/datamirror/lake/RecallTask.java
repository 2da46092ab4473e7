package io.datamirror.lake;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ScanTaskParser;

/**
 * A part of what is recalled of a table: some of its files, or of its tombstones, with the deletes
 * that apply to them. Its bytes are kept in checkpoints.
 *
 * @param kind what the files hold
 * @param files the files; they never change, and are read in this order
 */
record RecallTask(Kind kind, List<FileScanTask> files) {

  private static final int VERSION = 1;

  /** What files hold; the names are part of the bytes. */
  enum Kind {
    ROWS,
    TOMBSTONES
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(kind.name());
      out.writeInt(files.size());
      for (FileScanTask file : files) {
        byte[] json = ScanTaskParser.toJson(file).getBytes(StandardCharsets.UTF_8);
        out.writeInt(json.length);
        out.write(json);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static RecallTask fromBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("a recall task of version " + version + ", not " + VERSION);
      }
      Kind kind = Kind.valueOf(in.readUTF());
      int count = in.readInt();
      List<FileScanTask> files = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        byte[] json = in.readNBytes(in.readInt());
        files.add(ScanTaskParser.fromJson(new String(json, StandardCharsets.UTF_8), true));
      }
      return new RecallTask(kind, files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
