package io.datamirror.commit;

/** Hears what becomes of commits, from the threads that commit. */
interface CommitListener {

  /** The commit is in its table. */
  void committed(Committable committable, Committer.Outcome outcome);

  /** Nothing that depends on this commit will be committed; called once. */
  void failed(Throwable failure);
}
