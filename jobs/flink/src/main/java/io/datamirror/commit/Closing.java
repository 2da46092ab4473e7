package io.datamirror.commit;

/** When epochs are closed. */
public enum Closing {
  /** At every checkpoint; committed when the checkpoint is complete: for streaming. */
  BY_CHECKPOINT,
  /** Once, when all input has ended: for batch, which has no checkpoints. */
  AT_END
}
