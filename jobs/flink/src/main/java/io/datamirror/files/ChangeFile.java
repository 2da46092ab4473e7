package io.datamirror.files;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Chunk.Part;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A file as it was found. A file that was written again is another one.
 *
 * @param path its path below the directory of the spec
 * @param modifiedMillis when it was changed last
 */
record ChangeFile(String path, long length, long modifiedMillis) {

  private static final int MARK_BYTES = 9;

  /**
   * Tells it from any other file, in twelve letters: two of a billion are equal once in a lifetime.
   */
  String mark() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(16).putLong(length).putLong(modifiedMillis).array());
      byte[] hash = digest.digest(path.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, MARK_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The file as the feed hands it out. */
  Chunk chunk() {
    return new Chunk(Part.CHANGES, length + ":" + modifiedMillis + ":" + path, "");
  }

  static ChangeFile of(Chunk chunk) {
    String[] parts = chunk.from().split(":", 3);
    return new ChangeFile(parts[2], Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }
}
