package io.datamirror.commit;

import io.datamirror.lake.Generations;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names commits by what they are, so that a rerun finds its own. */
public final class CommitIds {

  private static final int BYTES = 16;

  private CommitIds() {}

  /** The name of the first epoch that a start from the lake closes. */
  public static String ofFirst(String mirror, Generations.Start start) {
    return of(mirror, start.generation(), start.lastEpoch() + 1);
  }

  /** The same for the same mirror, start and epoch, whichever job and attempt asks. */
  static String of(String mirror, long generation, long epoch) {
    String text = mirror + "\n" + generation + "\n" + epoch;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
