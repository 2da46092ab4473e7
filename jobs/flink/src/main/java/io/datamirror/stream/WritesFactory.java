package io.datamirror.stream;

import java.io.Serializable;

/** Opens the writes of one subtask; secrets are resolved here and not before. */
public interface WritesFactory extends Serializable {

  /**
   * The writes of one subtask.
   *
   * @param subtask the number of the subtask
   * @param attempt counts the attempts of the subtask, so that names of files never meet
   */
  EpochWrites open(int subtask, int attempt);
}
