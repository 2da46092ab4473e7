package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars that the processes of a cluster run from: Flink's own, those that the build has put
 * together or a distribution's, and beside them the mirror's with what it needs.
 *
 * @param version the release of Flink
 * @param classPath what job manager, task managers and tools have on their class path
 * @param sqlClient what the SQL client has besides
 * @param opt the directory that the SQL client looks for its parts in
 */
public record FlinkHome(
    FlinkVersion version, List<String> classPath, List<String> sqlClient, Path opt) {

  private static final Pattern RUNTIME = Pattern.compile("flink-(?:dist|runtime)-([0-9].*)\\.jar");
  private static final Pattern SQL_CLIENT =
      Pattern.compile("flink-(?:sql-client|sql-gateway|sql-gateway-api|python)-[0-9].*\\.jar");

  /** What Flink's distribution does not have. */
  private static final Pattern EXTENSION =
      Pattern.compile("(?:hadoop-client|sqlite-jdbc|h2|postgresql)-.*\\.jar");

  /** The connector that scripts take, likewise. */
  private static final Pattern CONNECTOR = Pattern.compile("flink-connector-jdbc-.*\\.jar");

  public FlinkHome {
    classPath = List.copyOf(classPath);
    sqlClient = List.copyOf(sqlClient);
  }

  /**
   * The home that the build has assembled.
   *
   * @param dist where the build has put jar and libraries
   */
  public static FlinkHome assembled(Path dist) {
    Path lib = dist.resolve("lib");
    Path opt = dist.resolve("flink/opt");
    return new FlinkHome(
        version(lib),
        List.of(all(lib), all(dist.resolve("flink/lib")), jar(dist)),
        sqlClient(opt),
        opt);
  }

  /**
   * A distribution of Flink that is there already.
   *
   * @param home its directory
   * @param dist where the build has put the mirror's own jar and libraries
   */
  public static FlinkHome of(Path home, Path dist) {
    Path lib = home.resolve("lib");
    Path opt = home.resolve("opt");
    List<String> classPath = new ArrayList<>();
    classPath.add(all(lib));
    classPath.addAll(jars(dist.resolve("lib"), EXTENSION));
    classPath.addAll(jars(dist.resolve("flink/lib"), CONNECTOR));
    classPath.add(jar(dist));
    return new FlinkHome(version(lib), classPath, sqlClient(opt), opt);
  }

  /** The same with the jars of one more directory, which need not exist. */
  public FlinkHome with(Path drivers) {
    List<String> longer = new ArrayList<>(classPath);
    longer.add(all(drivers));
    return new FlinkHome(version, longer, sqlClient, opt);
  }

  /** The class path as Java takes it. */
  String path() {
    return String.join(File.pathSeparator, classPath);
  }

  String sqlClientPath() {
    return Stream.concat(classPath.stream(), sqlClient.stream())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String all(Path directory) {
    return directory.resolve("*").toString();
  }

  private static String jar(Path dist) {
    return dist.resolve("data-mirror.jar").toString();
  }

  private static List<String> sqlClient(Path opt) {
    return jars(opt, SQL_CLIENT);
  }

  private static List<String> jars(Path directory, Pattern wanted) {
    return names(directory)
        .filter(name -> wanted.matcher(name).matches())
        .sorted()
        .map(name -> directory.resolve(name).toString())
        .toList();
  }

  private static FlinkVersion version(Path lib) {
    Optional<String> version =
        names(lib).map(RUNTIME::matcher).filter(Matcher::matches).map(m -> m.group(1)).findFirst();
    return FlinkVersion.parse(
        version.orElseThrow(
            () ->
                new MirrorException(
                    ErrorCode.NO_FLINK,
                    lib.toString(),
                    "there is no jar of Flink's runtime in this directory",
                    "Let FLINK_HOME be the directory of a Flink distribution, or unset it.")));
  }

  private static Stream<String> names(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
