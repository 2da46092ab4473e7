package io.datamirror.bench;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Properties;

/** What a contender left behind. */
record Outcome(Digest digest, Written written, Written own) {

  /** Looks into the lake, or takes the word of the one who alone can read it. */
  static Outcome of(Contender contender, Path lake, Workload workload, int tables, Properties told)
      throws IOException {
    if (told.containsKey("rows")) {
      return told(told);
    }
    Digest digest = Digest.NOTHING;
    Written written = Written.NOTHING;
    for (int i = 0; i < tables; i++) {
      LakeTable table = LakeTable.find(lake, SourceTable.numbered("t", i));
      digest = digest.and(table.digest(workload.columns()));
      written = written.and(table.written());
    }
    Written own = Written.NOTHING;
    if (contender.ours()) {
      own = LakeTable.find(lake, "mirror_tombstones").written();
      own = own.and(LakeTable.find(lake, "mirror_ledger").written());
    }
    return new Outcome(digest, written, own);
  }

  private static Outcome told(Properties told) {
    Digest digest =
        new Digest(
            number(told, "rows"),
            new BigInteger(told.getProperty("versions")),
            new BigInteger(told.getProperty("hash")));
    return new Outcome(digest, Written.inCommits(number(told, "commits")), Written.NOTHING);
  }

  /** Puts into {@code result} what {@link #of} takes out again. */
  static void describe(Digest digest, Written written, Properties result) {
    result.setProperty("rows", String.valueOf(digest.rows()));
    result.setProperty("versions", digest.versions().toString());
    result.setProperty("hash", digest.hash().toString());
    result.setProperty("commits", String.valueOf(written.commits()));
  }

  private static long number(Properties told, String name) {
    return Long.parseLong(told.getProperty(name));
  }
}
