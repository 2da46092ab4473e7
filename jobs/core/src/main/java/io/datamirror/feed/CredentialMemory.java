package io.datamirror.feed;

import java.io.Serializable;

/**
 * Whether a source has ever taken the credentials of a mirror. The connections that are opened one
 * after the other share it: credentials that worked and are refused were replaced, and a connection
 * that is opened later may find the new ones. Where it travels to, nothing has worked yet.
 * Thread-safe.
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

  /** That of connections which are opened one after the other. */
  public static CredentialMemory shared() {
    return new CredentialMemory(Keeps.ANSWERS);
  }

  /** That of who asks once: a refusal is told as it is. */
  public static CredentialMemory none() {
    return new CredentialMemory(Keeps.NOTHING);
  }

  /** The source gave an answer to somebody who logged in with them. */
  public void answered() {
    taken = keeps == Keeps.ANSWERS;
  }

  /** Whether there was an answer. */
  public boolean taken() {
    return taken;
  }
}
