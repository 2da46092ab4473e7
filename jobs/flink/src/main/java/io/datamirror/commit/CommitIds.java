package io.datamirror.commit;

import io.datamirror.lake.Generations;
import io.datamirror.lake.OwnTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Names the commits of one start of a mirror, so that a rerun finds its own.
 *
 * <p>With checkpoints the name of what was closed lies in the checkpoint beside it, and every
 * attempt has names of its own. Were they alike, what one attempt closed for a savepoint, which
 * nobody commits before the next checkpoint, would have the name of what the attempt after it
 * closes from other changes: and the one would be found committed where the other was.
 *
 * <p>Without checkpoints a rerun has nothing but the name, so it is the same in every attempt.
 *
 * @param generation the start
 * @param attempt tells attempts of the start apart; empty where they are not
 * @param prefix what every name begins with
 */
record CommitIds(String mirror, long generation, String attempt, String prefix) {

  private static final int BYTES = 16;

  /** The names that an attempt gives. */
  static CommitIds of(String mirror, long generation, Closing closing) {
    return switch (closing) {
      case BY_CHECKPOINT -> new CommitIds(mirror, generation, UUID.randomUUID().toString(), "");
      case AT_END -> new CommitIds(mirror, generation, "", "");
    };
  }

  /** The same, so that they tell what the changes come from. */
  CommitIds from(Generations.Origin origin) {
    return switch (origin) {
      case SOURCE -> this;
      case FILE -> new CommitIds(mirror, generation, attempt, OwnTable.FILE_COMMIT);
    };
  }

  /** Whether the changes come from a file that is applied once. */
  boolean ofFile() {
    return prefix.equals(OwnTable.FILE_COMMIT);
  }

  /** The name of an epoch's commits. */
  String of(long epoch) {
    String text = mirror + "\n" + generation + "\n" + epoch;
    String named = attempt.isEmpty() ? text : text + "\n" + attempt;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(named.getBytes(StandardCharsets.UTF_8));
      return prefix + HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
