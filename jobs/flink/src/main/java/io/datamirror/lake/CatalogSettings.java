package io.datamirror.lake;

import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The properties that a catalog is opened with, made from those of the spec. */
final class CatalogSettings {

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String URI_KEY = "uri";
  private static final String WAREHOUSE = "warehouse";
  private static final String DRIVER = "jdbc.";

  /** How long a catalog may take to answer. None that is well takes so long. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private static final Duration CONNECT = Duration.ofSeconds(30);

  private CatalogSettings() {}

  /** The resolved properties, with what each type of catalog needs to be safe. */
  static Map<String, String> of(LakeSpec lake, SecretSource secrets) {
    Map<String, String> settings = new LinkedHashMap<>();
    lake.catalog().forEach((key, value) -> settings.put(key, value.resolve(secrets)));
    if (!namesItsWarehouse(settings)) {
      settings.computeIfPresent(WAREHOUSE, (key, value) -> absoluteWarehouse(value));
    }
    if (isJdbc(settings)) {
      settings.putIfAbsent("jdbc.schema-version", "V1");
      settings.computeIfPresent(URI_KEY, (key, value) -> patientUri(absoluteUri(value)));
    }
    limitsOfWaiting(settings).forEach(settings::putIfAbsent);
    return settings;
  }

  /**
   * Without them a server that falls silent after it took a request holds a commit, or a question,
   * for ever and without a word. What became of a commit is looked up afterwards.
   */
  private static Map<String, String> limitsOfWaiting(Map<String, String> settings) {
    if (isRest(settings)) {
      return Map.of(
          "rest.client.connection-timeout-ms", Long.toString(CONNECT.toMillis()),
          "rest.client.socket-timeout-ms", Long.toString(ANSWER.toMillis()));
    }
    return isJdbc(settings) ? limitsOfDriver(settings.getOrDefault(URI_KEY, "")) : Map.of();
  }

  /** What drivers call them, unless the URL has some of its own. */
  private static Map<String, String> limitsOfDriver(String uri) {
    if (uri.contains("socketTimeout")) {
      return Map.of();
    }
    if (uri.startsWith("jdbc:postgresql:")) {
      return Map.of(
          DRIVER + "socketTimeout",
          Long.toString(ANSWER.toSeconds()),
          DRIVER + "tcpKeepAlive",
          "true");
    }
    return uri.startsWith("jdbc:mysql:") || uri.startsWith("jdbc:mariadb:")
        ? Map.of(DRIVER + "socketTimeout", Long.toString(ANSWER.toMillis()))
        : Map.of();
  }

  /**
   * The spec with the relative paths of its catalog made absolute, so that they mean the same in
   * every process. What holds references to secrets stays as it is.
   */
  static LakeSpec absolute(LakeSpec lake) {
    Map<String, SecretText> catalog = new LinkedHashMap<>(lake.catalog());
    if (!namesItsWarehouse(literals(catalog))) {
      catalog.computeIfPresent(
          WAREHOUSE, (key, value) -> value.mapped(CatalogSettings::absoluteWarehouse));
    }
    catalog.computeIfPresent(URI_KEY, (key, value) -> value.mapped(CatalogSettings::absoluteUri));
    return new LakeSpec(catalog, lake.namespace());
  }

  private static Optional<String> literal(SecretText text) {
    return text.hasReference() ? Optional.empty() : Optional.of(text.resolve(reference -> ""));
  }

  private static Map<String, String> literals(Map<String, SecretText> catalog) {
    Map<String, String> literals = new LinkedHashMap<>();
    catalog.forEach((key, value) -> literals.put(key, literal(value).orElse("")));
    return literals;
  }

  /** The local directory of a warehouse, if it is local. */
  static Optional<Path> localWarehouse(Map<String, String> settings) {
    if (namesItsWarehouse(settings)) {
      return Optional.empty();
    }
    return Optional.ofNullable(settings.get(WAREHOUSE))
        .filter(warehouse -> warehouse.startsWith("file:"))
        .map(CatalogSettings::localPath);
  }

  /** As the tables' files will be found: nothing in a location is encoded. */
  private static Path localPath(String location) {
    return Path.of(new org.apache.hadoop.fs.Path(location).toUri().getPath());
  }

  /** The file of a SQLite catalog, if it is one. */
  static Optional<Path> sqliteFile(Map<String, String> settings) {
    return Optional.ofNullable(settings.get(URI_KEY))
        .filter(CatalogSettings::isSqliteFile)
        .map(uri -> Path.of(sqlitePath(uri)));
  }

  static boolean isJdbc(Map<String, String> settings) {
    return "jdbc".equalsIgnoreCase(settings.get("type"))
        || "org.apache.iceberg.jdbc.JdbcCatalog".equals(settings.get("catalog-impl"));
  }

  /** Whether the warehouse is a name that the catalog's server gives a meaning, not a location. */
  static boolean namesItsWarehouse(Map<String, String> settings) {
    return isRest(settings);
  }

  private static boolean isRest(Map<String, String> settings) {
    return "rest".equalsIgnoreCase(settings.get("type"))
        || "org.apache.iceberg.rest.RESTCatalog".equals(settings.get("catalog-impl"));
  }

  private static String absoluteWarehouse(String warehouse) {
    if (hasScheme(warehouse)) {
      return warehouse;
    }
    String path = Path.of(warehouse).toAbsolutePath().normalize().toString();
    return "file://" + path;
  }

  private static String absoluteUri(String uri) {
    if (!isSqliteFile(uri)) {
      return uri;
    }
    String path = sqlitePath(uri);
    String rest = uri.substring(SQLITE.length() + path.length());
    return SQLITE + Path.of(path).toAbsolutePath().normalize() + rest;
  }

  /**
   * SQLite answers "busy" at once unless it is told to wait, and locks readers out without a WAL.
   */
  private static String patientUri(String uri) {
    if (!uri.toLowerCase(Locale.ROOT).startsWith(SQLITE) || uri.contains("busy_timeout")) {
      return uri;
    }
    return uri + (uri.contains("?") ? "&" : "?") + "busy_timeout=30000&journal_mode=WAL";
  }

  private static boolean isSqliteFile(String uri) {
    if (!uri.toLowerCase(Locale.ROOT).startsWith(SQLITE)) {
      return false;
    }
    String path = sqlitePath(uri);
    return !path.isEmpty() && !path.startsWith(":") && !path.startsWith("file:");
  }

  private static String sqlitePath(String uri) {
    int query = uri.indexOf('?');
    return uri.substring(SQLITE.length(), query < 0 ? uri.length() : query);
  }

  private static boolean hasScheme(String location) {
    return location.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
  }
}
