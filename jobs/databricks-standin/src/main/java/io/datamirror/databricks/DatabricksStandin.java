package io.datamirror.databricks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A running stand-in, in a process of its own, with a catalog {@code spark_catalog} of Delta
 * tables. It ends when it is closed, and also when this process ends in whatever way.
 *
 * <p>What tests do to the warehouse goes past the driver: {@link #run} as its owner, the faults as
 * nobody.
 */
public final class DatabricksStandin implements AutoCloseable {

  /** The one catalog that there is. */
  public static final String CATALOG = "spark_catalog";

  /** A token that the warehouse accepts, as a personal one and as one of OAuth. */
  public static final String TOKEN = "dapi-standin-token";

  static final char SEPARATOR = '\u0000';
  static final String READY = "ready ";

  private static final String CLASS_PATH = "class-path.txt";
  // Spark reaches into these packages.
  private static final List<String> OPENS =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final Process process;
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private DatabricksStandin(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  private static final class Shared {
    private static final DatabricksStandin STANDIN = start();

    private static DatabricksStandin start() {
      try {
        Path parent = Files.createDirectories(Path.of("target"));
        return DatabricksStandin.start(Files.createTempDirectory(parent, "databricks"));
      } catch (IOException e) {
        throw new IllegalStateException("the stand-in does not start", e);
      }
    }
  }

  /** The one that all tests of this JVM share; it ends when the JVM ends. */
  public static DatabricksStandin shared() {
    return Shared.STANDIN;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param directory where the tables and the log go
   */
  public static DatabricksStandin start(Path directory) throws IOException {
    Files.createDirectories(directory);
    Process process =
        new ProcessBuilder(command(directory))
            .redirectError(directory.resolve("standin.log").toFile())
            .start();
    BufferedReader says =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = says.readLine();
    while (line != null && !line.startsWith(READY)) {
      line = says.readLine();
    }
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("the stand-in did not start; see " + directory.resolve("standin.log"));
    }
    return new DatabricksStandin(process, Integer.parseInt(line.substring(READY.length())));
  }

  private static List<String> command(Path directory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    OPENS.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    // Short statements on small tables: the quick compiler and the simple collector serve best.
    command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // Spark compiles more than the quick compiler alone has room for, and would throw it out again.
    command.add("-XX:ReservedCodeCacheSize=240m");
    command.add("-Djava.io.tmpdir=" + directory.toAbsolutePath());
    command.add("-Duser.timezone=UTC");
    // Otherwise the body of every answer waits for the driver to acknowledge its header.
    command.add("-Dsun.net.httpserver.nodelay=true");
    command.add("-Dlog4j2.configurationFile=io/datamirror/databricks/log4j2.properties");
    command.addAll(List.of("-cp", classPath(), "io.datamirror.databricks.Warehouse"));
    command.add(directory.toAbsolutePath().toString());
    return command;
  }

  private static String classPath() throws IOException {
    try (InputStream list = DatabricksStandin.class.getResourceAsStream(CLASS_PATH)) {
      if (list == null) {
        throw new IOException(CLASS_PATH + " is missing: build the stand-in's module with Maven");
      }
      Path own =
          Path.of(
              DatabricksStandin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      String others = new String(list.readAllBytes(), StandardCharsets.UTF_8).trim();
      return own + System.getProperty("path.separator") + others;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** The URL that the driver takes; without a token. */
  public String url() {
    return "jdbc:databricks://127.0.0.1:" + port + "/default";
  }

  /** What the driver needs to know of this warehouse, the token excepted. */
  public Properties properties() {
    Properties properties = new Properties();
    properties.put("transportMode", "http");
    properties.put("ssl", "0");
    properties.put("AuthMech", "3");
    properties.put("httpPath", "/sql/1.0/warehouses/" + Sea.WAREHOUSE);
    properties.put("UseThriftClient", "0");
    properties.put("EnableQueryResultDownload", "0");
    properties.put("EnableTelemetry", "0");
    return properties;
  }

  /** Runs statements one after the other, each a commit of its own; returns the last one's rows. */
  public List<List<String>> run(String... statements) {
    String answer = control("sql", String.join(String.valueOf(SEPARATOR), statements));
    List<List<String>> rows = new ArrayList<>();
    answer.lines().forEach(line -> rows.add(List.of(line.split("\t", -1))));
    return rows;
  }

  /** Lets the next {@code times} requests of its kind fail. */
  public void fail(Fault fault, int times) {
    control("fault?kind=" + fault + "&times=" + times, "");
  }

  /** Lets the next {@code times} statements that read changes fail with this error. */
  public void failChanges(String sqlState, String message, int times) {
    control(
        "fault?kind=" + Fault.FAILED_CHANGES + "&times=" + times + "&state=" + sqlState, message);
  }

  /** How many rows a portion of a result has from now on. */
  public void chunkRows(int rows) {
    control("chunk-rows?rows=" + rows, "");
  }

  /** The statements that came by the driver since the last call, in order. */
  public List<String> asked() {
    String answer = control("asked", "");
    return answer.isEmpty() ? List.of() : List.of(answer.split(String.valueOf(SEPARATOR)));
  }

  private String control(String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control/" + path))
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new IllegalStateException("the stand-in does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
