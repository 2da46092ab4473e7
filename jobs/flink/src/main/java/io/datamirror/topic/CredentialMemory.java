package io.datamirror.topic;

import java.io.Serializable;

/**
 * Whether Kafka has ever taken the credentials of a source. The clients that are made one after the
 * other share it: credentials that worked and are refused were replaced, and a client that is made
 * later may find the new ones. Where it travels to, nothing has worked yet. Thread-safe.
 */
public final class CredentialMemory implements Serializable {

  private static final long serialVersionUID = 1;

  private transient volatile boolean taken;

  /** Kafka gave an answer to a client that logged in with them. */
  void answered() {
    taken = true;
  }

  /** Whether there was an answer. */
  boolean taken() {
    return taken;
  }
}
