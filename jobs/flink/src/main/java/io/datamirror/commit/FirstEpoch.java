package io.datamirror.commit;

import io.datamirror.lake.Generations;

/** The one epoch of a job that has no checkpoints. */
public final class FirstEpoch {

  private FirstEpoch() {}

  /** The name of its commits: the same in every attempt. */
  public static String commitId(String mirror, Generations.Start start) {
    return CommitIds.of(mirror, start.generation(), Closing.AT_END)
        .from(start.origin())
        .of(start.lastEpoch() + 1);
  }
}
