package io.datamirror.spec;

import java.io.Serializable;

/**
 * The name of a secret, never its value.
 *
 * @param name the variable, or the absolute path of the file
 */
public record SecretReference(Kind kind, String name) implements Serializable {

  /** Where a secret is kept. */
  public enum Kind {
    ENVIRONMENT("env"),
    FILE("file");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /** The reference as it stands in the spec, for example {@code ${env:NAME}}. */
  @Override
  public String toString() {
    return "${" + kind.text + ":" + name + "}";
  }
}
