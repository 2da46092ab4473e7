package io.datamirror.spec;

import io.datamirror.error.MirrorException;

/** Where references to secrets are looked up. */
@FunctionalInterface
public interface SecretSource {
  /**
   * The value that is referred to.
   *
   * @throws MirrorException naming the reference, if there is no such value
   */
  String value(SecretReference reference);

  /** The environment and the files of the process that asks. */
  static SecretSource ofProcess() {
    return new ProcessSecrets(System::getenv);
  }
}
