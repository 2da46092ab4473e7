package io.datamirror.verify;

import io.datamirror.change.KeyId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.flink.util.IOUtils;

/**
 * Entries of one table, spread over files by their key: all entries of a key stand in one bucket. A
 * bucket is small enough to be held in memory when the whole table is not.
 */
final class Buckets implements AutoCloseable {
  static final int COUNT = 256;
  private static final Timeliness[] TIMELINESS = Timeliness.values();
  private static final int BUFFER_BYTES = 1 << 13;

  private final int table;
  private final Path directory;
  private final DataOutputStream[] outputs = new DataOutputStream[COUNT];
  private long size;

  /**
   * @param directory an empty directory of this object's own
   */
  Buckets(int table, Path directory) {
    this.table = table;
    this.directory = directory;
  }

  void add(Entry entry) throws IOException {
    DataOutputStream output = output(bucketOf(entry.key()));
    output.writeLong(entry.key().high());
    output.writeLong(entry.key().low());
    output.writeBoolean(entry.present());
    output.writeLong(entry.content());
    output.writeInt(entry.rank().length);
    output.write(entry.rank());
    output.writeUTF(shortened(entry.keyText()));
    output.writeByte(entry.timeliness().ordinal());
    size++;
  }

  /** How many entries were added. */
  long size() {
    return size;
  }

  /** Ends the writing; from here on the buckets can be read. */
  void seal() throws IOException {
    for (DataOutputStream output : outputs) {
      if (output != null) {
        output.close();
      }
    }
  }

  /**
   * Reads a bucket, in the order in which its entries were added.
   *
   * @throws IOException also if somebody has deleted it: it was not empty
   */
  void read(int bucket, Consumer<Entry> consumer) throws IOException {
    if (outputs[bucket] == null) {
      return;
    }
    try (DataInputStream input =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file(bucket)), 1 << 16))) {
      for (Entry entry = next(input); entry != null; entry = next(input)) {
        consumer.accept(entry);
      }
    }
  }

  private Entry next(DataInputStream input) throws IOException {
    long high;
    try {
      high = input.readLong();
    } catch (EOFException e) {
      return null;
    }
    KeyId key = new KeyId(table, high, input.readLong());
    boolean present = input.readBoolean();
    long content = input.readLong();
    byte[] rank = input.readNBytes(input.readInt());
    String keyText = input.readUTF();
    return new Entry(key, rank, present, content, keyText, TIMELINESS[input.readByte()]);
  }

  /** Deletes the files, also when the disk had no room for them. */
  @Override
  public void close() throws IOException {
    for (DataOutputStream output : outputs) {
      IOUtils.closeQuietly(output);
    }
    for (int bucket = 0; bucket < COUNT; bucket++) {
      Files.deleteIfExists(file(bucket));
    }
    Files.deleteIfExists(directory);
  }

  private DataOutputStream output(int bucket) throws IOException {
    if (outputs[bucket] == null) {
      outputs[bucket] =
          new DataOutputStream(
              new BufferedOutputStream(Files.newOutputStream(file(bucket)), BUFFER_BYTES));
    }
    return outputs[bucket];
  }

  private Path file(int bucket) {
    return directory.resolve("bucket-" + bucket);
  }

  private static int bucketOf(KeyId key) {
    // The bits of exactly packed keys are as even as the keys themselves: spread them.
    long mixed = (key.high() ^ key.low() * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 56);
  }

  /** What fits into one entry; a key of 16 KiB is cut where people read it, not where it counts. */
  private static String shortened(String keyText) {
    int most = 1 << 14;
    return keyText.length() <= most ? keyText : keyText.substring(0, most) + "…";
  }
}
