package io.datamirror.commit;

import io.datamirror.commit.Committer.Outcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it hears. */
final class SilentListener implements CommitListener {

  final List<Committable> committed = new CopyOnWriteArrayList<>();
  final List<Throwable> failures = new CopyOnWriteArrayList<>();

  @Override
  public void committed(Committable committable, Outcome outcome) {
    committed.add(committable);
  }

  @Override
  public void failed(Throwable failure) {
    failures.add(failure);
  }
}
