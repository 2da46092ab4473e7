package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchWarehouseException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.UnprocessableEntityException;

/**
 * Turns what catalogs and storage throw into errors that a user can act on.
 *
 * <p>Their messages hold URLs, and URLs may hold secrets: only the classes of a chain of causes,
 * SQL states and the names of missing classes are taken over, never a message.
 */
public final class LakeFailure {

  private static final int SQLITE_READONLY = 8;
  private static final int PRIMARY_CODE = 0xFF;

  private LakeFailure() {}

  /** The error for a failure to reach the catalog or the storage behind it. */
  public static MirrorException of(Throwable failure, String object) {
    if (failure instanceof MirrorException known) {
      return known;
    }
    List<Throwable> chain = chain(failure);
    if (chain.stream().anyMatch(LakeFailure::noDriver)) {
      return error(
          chain,
          ErrorCode.MISSING_DRIVER,
          object,
          "no JDBC driver accepts the URL of the catalog",
          "Put the driver's jar into lib/, or mend the URL.");
    }
    Optional<String> missing = chain.stream().flatMap(MissingClass::in).findFirst();
    if (missing.isPresent()) {
      return error(
          chain,
          ErrorCode.LAKE_UNREACHABLE,
          object,
          "a class of the catalog or its storage is missing: " + missing.get(),
          "Put its jar into lib/, or mend the name of the class in the spec.");
    }
    if (chain.stream().anyMatch(LakeFailure::readOnly)) {
      return error(
          chain,
          ErrorCode.LAKE_READ_ONLY,
          object,
          "the lake cannot be written",
          "Give the user that runs the mirror the right to write there.");
    }
    if (chain.stream().anyMatch(NotAuthorizedException.class::isInstance)) {
      return error(
          chain,
          ErrorCode.LAKE_UNREACHABLE,
          object,
          "the catalog refuses the credentials",
          "Check the credentials of the catalog in the spec.");
    }
    if (chain.stream().anyMatch(ForbiddenException.class::isInstance)) {
      return error(
          chain,
          ErrorCode.LAKE_UNREACHABLE,
          object,
          "the catalog does not allow this",
          "Give the user of the catalog in the spec the right to read, create and write tables.");
    }
    if (chain.stream().anyMatch(LakeFailure::unfit)) {
      return error(
          chain,
          ErrorCode.LAKE_UNREACHABLE,
          object,
          "the catalog does not take the request",
          "Check warehouse and the other properties of the catalog in the spec.");
    }
    return error(
        chain,
        ErrorCode.LAKE_UNREACHABLE,
        object,
        "the catalog does not answer",
        "Check its properties in the spec, and that it can be reached from here.");
  }

  /**
   * What a failure to read files of the lake is: an error that passes if the storage failed, and
   * itself if it is a mistake of ours or a file is not there, which no waiting mends.
   */
  public static RuntimeException reading(RuntimeException failure, String object) {
    List<Throwable> chain = chain(failure);
    boolean missing =
        chain.stream()
            .anyMatch(
                link -> link instanceof NotFoundException || link instanceof FileNotFoundException);
    boolean storage =
        chain.stream().anyMatch(link -> link instanceof IOException)
            || !failure.getClass().getName().startsWith("java.");
    return storage && !missing ? of(failure, object) : failure;
  }

  /** Whether the same may work later, or with a catalog that is opened anew. */
  public static boolean passes(RuntimeException failure) {
    return reading(failure, "lake catalog") instanceof MirrorException known
        && known.code() == ErrorCode.LAKE_UNREACHABLE;
  }

  /** The classes of a failure and its causes, for logs and messages: no text of theirs. */
  public static String classes(Throwable failure) {
    return classes(chain(failure));
  }

  private static MirrorException error(
      List<Throwable> chain, ErrorCode code, String object, String sentence, String nextStep) {
    return MirrorException.causedBy(
        Silent.of(chain.get(0)), code, object, sentence + " (" + classes(chain) + ")", nextStep);
  }

  private static String classes(List<Throwable> chain) {
    List<String> names = new ArrayList<>();
    for (Throwable link : chain) {
      String name = link.getClass().getSimpleName();
      if (link instanceof SQLException sql && sql.getSQLState() != null) {
        name += " " + sql.getSQLState();
      }
      names.add(name);
    }
    return String.join(", ", names);
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = failure; link != null && !chain.contains(link); link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }

  private static boolean noDriver(Throwable link) {
    return link instanceof SQLException
        && text(link).toLowerCase(Locale.ROOT).contains("no suitable driver");
  }

  private static boolean readOnly(Throwable link) {
    if (link instanceof SQLException sql && link.getClass().getName().startsWith("org.sqlite")) {
      return (sql.getErrorCode() & PRIMARY_CODE) == SQLITE_READONLY;
    }
    return link instanceof AccessDeniedException
        || link instanceof ReadOnlyFileSystemException
        || text(link).contains("Permission denied")
        || text(link).contains("Read-only file system");
  }

  private static boolean unfit(Throwable link) {
    return link instanceof BadRequestException
        || link instanceof UnprocessableEntityException
        || link instanceof NoSuchWarehouseException;
  }

  /** What Java itself says when a class is not there: its name, and never anything else. */
  private static final class MissingClass {
    private static final Pattern NAME = Pattern.compile("\\w[\\w$]*([./]\\w[\\w$]*)+");

    /** The class that a failure misses; catalogs keep what they tried as suppressed failures. */
    static Stream<String> in(Throwable link) {
      return Stream.concat(Stream.of(link), Stream.of(link.getSuppressed()))
          .filter(MissingClass::isOne)
          .map(failure -> NAME.matcher(text(failure)))
          .map(name -> name.matches() ? name.group().replace('/', '.') : "its name is not known");
    }

    private static boolean isOne(Throwable failure) {
      return failure instanceof NoClassDefFoundError || failure instanceof ClassNotFoundException;
    }
  }

  private static String text(Throwable link) {
    return link.getMessage() == null ? "" : link.getMessage();
  }

  /** A failure with the stack of another and without its message. */
  private static final class Silent extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private Silent(String name, Throwable cause) {
      super(name, cause);
    }

    static Throwable of(Throwable failure) {
      return of(failure, 0);
    }

    private static Throwable of(Throwable failure, int depth) {
      boolean last = failure.getCause() == null || depth > 8;
      Throwable cause = last ? null : of(failure.getCause(), depth + 1);
      Silent silent = new Silent(failure.getClass().getName(), cause);
      silent.setStackTrace(failure.getStackTrace());
      return silent;
    }
  }
}
