package io.datamirror.topic;

import java.io.Serializable;

/**
 * Whether Kafka has ever taken the credentials of a source. The clients that are made one after the
 * other share it: credentials that worked and are refused were replaced, and a client that is made
 * later may find the new ones. Where it travels to, nothing has worked yet. Thread-safe.
 */
public final class CredentialMemory implements Serializable {

  private static final long serialVersionUID = 1;

  private final Keeps keeps;
  private transient volatile boolean taken;

  private enum Keeps {
    ANSWERS,
    NOTHING
  }

  private CredentialMemory(Keeps keeps) {
    this.keeps = keeps;
  }

  /** That of clients which are made one after the other. */
  public static CredentialMemory shared() {
    return new CredentialMemory(Keeps.ANSWERS);
  }

  /** That of who asks once: a refusal is told as it is. */
  public static CredentialMemory none() {
    return new CredentialMemory(Keeps.NOTHING);
  }

  /** Kafka gave an answer to a client that logged in with them. */
  void answered() {
    taken = keeps == Keeps.ANSWERS;
  }

  /** Whether there was an answer. */
  boolean taken() {
    return taken;
  }
}
