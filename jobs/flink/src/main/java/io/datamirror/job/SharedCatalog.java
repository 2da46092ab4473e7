package io.datamirror.job;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeFailure;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import java.io.Serializable;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One catalog of the lake for all who ask it, opened when the first one does.
 *
 * <p>A catalog that failed is lent to nobody else: its credentials, its session or its connections
 * may be dead for good, where those of one that is opened anew work. Each is closed once, by
 * whoever gives it back last. Thread-safe.
 */
final class SharedCatalog implements Serializable {

  private static final long serialVersionUID = 1L;

  private final LakeSpec lake;
  private final ReentrantLock opening = new ReentrantLock();
  private transient Lent newest;
  private transient boolean closed;

  SharedCatalog(LakeSpec lake) {
    this.lake = lake;
  }

  /** The catalog, until it is given back. */
  Lent lend() {
    // Whoever closes this does not wait for a catalog that is being opened and does not answer.
    opening.lock();
    try {
      return known().orElseGet(this::open);
    } finally {
      opening.unlock();
    }
  }

  private synchronized Optional<Lent> known() {
    requireGoingOn();
    Optional<Lent> known = Optional.ofNullable(newest);
    known.ifPresent(lent -> lent.users++);
    return known;
  }

  private Lent open() {
    Lent fresh = new Lent(LakeCatalog.open(lake, SecretSource.ofProcess()));
    try {
      return kept(fresh);
    } catch (IllegalStateException e) {
      fresh.catalog.close();
      throw e;
    }
  }

  private synchronized Lent kept(Lent fresh) {
    requireGoingOn();
    newest = fresh;
    fresh.users++;
    return fresh;
  }

  private void requireGoingOn() {
    if (closed) {
      throw new IllegalStateException("the recall has ended");
    }
  }

  /** Lends nothing any more; what is lent may be used until it is given back. */
  void close() {
    Lent last = ended();
    if (last != null) {
      last.catalog.close();
    }
  }

  /** What is left to be closed, or null. */
  private synchronized Lent ended() {
    closed = true;
    Lent last = newest != null && newest.users == 0 ? newest : null;
    newest = null;
    return last;
  }

  private synchronized void drop(Lent failed) {
    if (newest == failed) {
      newest = null;
    }
  }

  /** Whether nobody has it any more, or will. */
  private synchronized boolean unused(Lent given) {
    given.users--;
    return given.users == 0 && newest != given;
  }

  /** A catalog that is open for as long as somebody has it. */
  final class Lent {
    private final LakeCatalog catalog;
    private int users;

    private Lent(LakeCatalog catalog) {
      this.catalog = catalog;
    }

    /** Asks the catalog; whoever asks after it has failed asks another one. */
    <T> T use(Function<LakeCatalog, T> question) {
      try {
        return question.apply(catalog);
      } catch (RuntimeException e) {
        if (LakeFailure.passes(e)) {
          drop(this);
        }
        throw e;
      }
    }

    /** To be called once for each time that it was lent. */
    void giveBack() {
      if (unused(this)) {
        catalog.close();
      }
    }
  }
}
