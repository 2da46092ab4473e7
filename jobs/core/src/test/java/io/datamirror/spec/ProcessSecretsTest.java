package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.spec.SecretReference.Kind;
import io.datamirror.spec.testing.SampleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessSecretsTest {
  private final SecretSource secrets = new ProcessSecrets(Map.of("PW", "canary")::get);
  @TempDir Path directory;

  @Test
  void aVariableOfTheEnvironmentIsRead() {
    assertThat(secrets.value(new SecretReference(Kind.ENVIRONMENT, "PW"))).isEqualTo("canary");
  }

  @Test
  void aMissingVariableIsNamed() {
    assertThatThrownBy(() -> secrets.value(new SecretReference(Kind.ENVIRONMENT, "NONE")))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1012 ${env:NONE}: this environment variable is not set. Set it for the process"
                + " that runs the mirror.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary", "canary\n", "canary\r\n"})
  void aFileIsReadWithoutItsLineEnd(String content) throws IOException {
    assertThat(secrets.value(file(content))).isEqualTo("canary");
  }

  @Test
  void allElseOfAFileIsKept() throws IOException {
    assertThat(secrets.value(file(" a\nb \n\n"))).isEqualTo(" a\nb \n");
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> secrets.value(new SecretReference(Kind.FILE, missing.toString())))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1012 ${file:"
                + missing
                + "}: this secret file does not exist. Create it where the mirror runs, or mend the"
                + " path.");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> secrets.value(new SecretReference(Kind.FILE, directory.toString())))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1013 ${file:"
                + directory
                + "}: this secret file cannot be read. Give the user that runs the mirror a small"
                + " file that it may read.");
  }

  @Test
  void aFileThatIsNoSecretIsNotReadIntoMemory() throws IOException {
    SecretReference large = file("x".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> secrets.value(large))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("MIRROR-1013")
        .hasMessageContaining("this secret file is larger than 1 MiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "./secret",
        "../secret",
        "/run/../etc/shadow",
        "/run/secrets/../../etc/shadow",
        "/run/./secret",
        "/run//secret",
        "/run/secret/",
        "~/secret",
        "/run/sec\nret",
        "file:/run/secret",
        "/run/\0secret"
      })
  void aPathThatDoesNotSayWhereItLeadsIsRefused(String path) {
    assertThatThrownBy(() -> secrets.value(new SecretReference(Kind.FILE, path)))
        .isInstanceOf(MirrorException.class)
        .hasMessageEndingWith(
            "the path of a secret file must be absolute, without . and .. in it. Write the whole"
                + " path, as in ${file:/run/secrets/password}.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "../secret", "/run/../etc/shadow", "/run//secret", "~/x"})
  void suchAPathIsRefusedByTheSpecAlready(String path) {
    assertThat(
            SampleSpec.CORRECT
                .with("type: jdbc", "type: jdbc\n  password: ${file:" + path + "}")
                .problems())
        .containsExactly(
            "MIRROR-1014 source.password (line 4): the path of a secret file must be absolute,"
                + " without . and .. in it. Write the whole path, as in"
                + " ${file:/run/secrets/password}.");
  }

  private SecretReference file(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), content);
    return new SecretReference(Kind.FILE, file.toString());
  }
}
