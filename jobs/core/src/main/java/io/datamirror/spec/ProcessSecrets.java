package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Secrets from the environment and from files of this process. */
final class ProcessSecrets implements SecretSource {
  // A secret is a line or a key; a path that leads to /dev/zero must not fill the memory.
  private static final int MOST_BYTES = 1 << 20;

  private final UnaryOperator<String> environment;

  ProcessSecrets(UnaryOperator<String> environment) {
    this.environment = environment;
  }

  @Override
  public String value(SecretReference reference) {
    return switch (reference.kind()) {
      case ENVIRONMENT -> variable(reference);
      case FILE -> fileContent(reference);
    };
  }

  private String variable(SecretReference reference) {
    String value = environment.apply(reference.name());
    if (value == null) {
      throw new MirrorException(
          ErrorCode.MISSING_SECRET,
          reference.toString(),
          "this environment variable is not set",
          "Set it for the process that runs the mirror.");
    }
    return value;
  }

  private static String fileContent(SecretReference reference) {
    if (!isSafePath(reference.name())) {
      throw new MirrorException(
          ErrorCode.SECRET_FILE_REFUSED,
          reference.toString(),
          "the path of a secret file must be absolute, without . and .. in it",
          "Write the whole path, as in ${file:/run/secrets/password}.");
    }
    try (var stream = Files.newInputStream(Path.of(reference.name()))) {
      byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw unreadable(reference, "this secret file is larger than 1 MiB", null);
      }
      return withoutLineEnd(new String(bytes, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.MISSING_SECRET,
          reference.toString(),
          "this secret file does not exist",
          "Create it where the mirror runs, or mend the path.");
    } catch (IOException e) {
      throw unreadable(reference, "this secret file cannot be read", e);
    }
  }

  /** Whether a path is absolute and says by itself where it leads. */
  static boolean isSafePath(String path) {
    try {
      Path parsed = Path.of(path);
      return parsed.isAbsolute()
          && parsed.normalize().equals(parsed)
          && path.equals(parsed.toString())
          && path.chars().noneMatch(Character::isISOControl);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String withoutLineEnd(String text) {
    String cut = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    return cut.endsWith("\r") ? cut.substring(0, cut.length() - 1) : cut;
  }

  private static MirrorException unreadable(
      SecretReference reference, String sentence, IOException cause) {
    String nextStep = "Give the user that runs the mirror a small file that it may read.";
    return cause == null
        ? new MirrorException(
            ErrorCode.SECRET_FILE_UNREADABLE, reference.toString(), sentence, nextStep)
        : MirrorException.causedBy(
            cause, ErrorCode.SECRET_FILE_UNREADABLE, reference.toString(), sentence, nextStep);
  }
}
