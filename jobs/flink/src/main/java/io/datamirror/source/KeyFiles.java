package io.datamirror.source;

import io.datamirror.change.KeyId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.IOUtils;

/** Keys of one table in files of a temporary directory, spread so that each file fits in memory. */
final class KeyFiles implements AutoCloseable {

  static final int FILES = 256;

  private final Path directory = Files.createTempDirectory("mirror-keys-");
  private final DataOutputStream[] outputs = new DataOutputStream[FILES];
  private final int table;

  KeyFiles(int table) throws IOException {
    this.table = table;
  }

  void add(KeyId key) throws IOException {
    int file = fileOf(key);
    if (outputs[file] == null) {
      outputs[file] =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path(file))));
    }
    outputs[file].writeLong(key.high());
    outputs[file].writeLong(key.low());
  }

  /** Ends the writing; from here on the files can be read. */
  void seal() throws IOException {
    for (DataOutputStream output : outputs) {
      if (output != null) {
        output.close();
      }
    }
  }

  /** The keys of a file. */
  Set<KeyId> read(int file) throws IOException {
    Set<KeyId> keys = new HashSet<>();
    if (!Files.exists(path(file))) {
      return keys;
    }
    long left = Files.size(path(file)) / (2 * Long.BYTES);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path(file))))) {
      for (; left > 0; left--) {
        keys.add(new KeyId(table, in.readLong(), in.readLong()));
      }
    }
    return keys;
  }

  private Path path(int file) {
    return directory.resolve("keys-" + file);
  }

  private static int fileOf(KeyId key) {
    // The bits of exactly packed keys are as even as the keys themselves: spread them.
    long mixed = (key.high() ^ key.low() * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> (Long.SIZE - 8));
  }

  /** Deletes the files, also when the disk had no room for them. */
  @Override
  public void close() {
    for (DataOutputStream output : outputs) {
      IOUtils.closeQuietly(output);
    }
    FileUtils.deleteDirectoryQuietly(directory.toFile());
  }
}
