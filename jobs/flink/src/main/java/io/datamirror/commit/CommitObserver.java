package io.datamirror.commit;

import io.datamirror.commit.Committer.Outcome;

/** Hears how commits go, from the threads that commit; for people only. */
interface CommitObserver {

  /** Nobody who is interested. */
  CommitObserver NONE =
      new CommitObserver() {
        @Override
        public void retried() {}

        @Override
        public void committed(
            Committable committable, Outcome outcome, long durationMillis, TableSize size) {}
      };

  /** An attempt has failed, and another will be made. */
  void retried();

  /**
   * A commit is in its table.
   *
   * @param durationMillis how long it took, all attempts together
   * @param size what the table consists of now
   */
  void committed(Committable committable, Outcome outcome, long durationMillis, TableSize size);
}
