package io.datamirror.spec;

import static java.util.Objects.requireNonNullElse;

import io.datamirror.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the keys of the lake into its record. What is missing or wrong is null there. */
final class LakeReader {
  private static final String OUT_OF_URL =
      "Take it out of the URL, and write it as a property of the catalog with ${env:NAME}, for"
          + " example jdbc.password or credential.";

  private static final List<String> CREDENTIALS =
      List.of("credential", "token", "rest.auth.basic.password", "header.Authorization");

  /** Who is told them: the catalog, and the server that gives out its tokens. */
  private static final List<String> ASKED = List.of("uri", "oauth2-server-uri");

  private static final Pattern PLAIN_HTTP = Pattern.compile("(?i)http://(\\[[^]]*]|[^/:?#]*).*");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[(::|(0+:){7}0*)1]");

  private LakeReader() {}

  static LakeSpec read(Keys keys) {
    Map<String, SecretText> catalog =
        requireNonNullElse(keys.requiredValue(SpecKeys.CATALOG), Map.of());
    if (keys.has(SpecKeys.CATALOG)) {
      checkCatalog(keys.where(SpecKeys.CATALOG), catalog);
      if (!Boolean.TRUE.equals(keys.value(SpecKeys.ALLOW_INSECURE))) {
        checkEncrypted(keys.where(SpecKeys.CATALOG), catalog);
      }
    }
    return new LakeSpec(catalog, keys.requiredValue(SpecKeys.NAMESPACE));
  }

  private static void checkCatalog(Where where, Map<String, SecretText> catalog) {
    boolean byType = catalog.containsKey("type");
    boolean byClass = catalog.containsKey("catalog-impl");
    if (byType && byClass) {
      where.report(
          ErrorCode.CONTRADICTION, "type and catalog-impl exclude each other", "Keep one of them.");
    } else if (byType) {
      checkType(where, catalog);
    } else if (!byClass) {
      where
          .key("type", where.line())
          .report(
              ErrorCode.MISSING_KEY,
              "this key is missing",
              "Add it, one of "
                  + String.join(", ", SpecKeys.CATALOG_TYPES)
                  + ", or write catalog-impl: with the class of another catalog.");
    }
    for (String key : List.of("uri", "warehouse")) {
      if (catalog.containsKey(key)) {
        SourceReader.checkNoSecret(where.key(key, where.line()), catalog.get(key), OUT_OF_URL);
      }
    }
  }

  /** What a catalog is asked with can be read by everybody on the way, if nothing encrypts it. */
  private static void checkEncrypted(Where where, Map<String, SecretText> catalog) {
    Optional<String> sent =
        catalog.keySet().stream().filter(key -> isCredential(key, catalog.get(key))).findFirst();
    for (String key : ASKED) {
      if (sent.isPresent() && catalog.containsKey(key) && readable(catalog.get(key).literal())) {
        where
            .key(key, where.line())
            .report(
                ErrorCode.CONTRADICTION,
                Shown.key(sent.get()) + " would be sent over plain http, readable on the way",
                "Write https://, or allow-insecure: true beside catalog if nobody else can listen.");
      }
    }
  }

  private static boolean isCredential(String key, SecretText value) {
    boolean header = key.toLowerCase(Locale.ROOT).startsWith("header.");
    return CREDENTIALS.stream().anyMatch(key::equalsIgnoreCase) || header && value.hasReference();
  }

  private static boolean readable(String address) {
    Matcher plain = PLAIN_HTTP.matcher(address);
    return plain.matches() && !LOOPBACK.matcher(plain.group(1)).matches();
  }

  private static void checkType(Where where, Map<String, SecretText> catalog) {
    String type = catalog.get("type").literal();
    switch (type) {
      case "jdbc" -> {
        require(where, catalog, "uri", "jdbc:sqlite:./lake/catalog.db");
        require(where, catalog, "warehouse", "./lake");
        checkJdbcUri(where, catalog);
      }
      case "rest" -> require(where, catalog, "uri", "https://catalog.example.com");
      case "hive" -> require(where, catalog, "uri", "thrift://metastore:9083");
      case "hadoop" -> require(where, catalog, "warehouse", "./lake");
      default ->
          where
              .key("type", where.line())
              .report(
                  ErrorCode.BAD_VALUE,
                  "this is not a type of catalog",
                  "Write one of "
                      + String.join(", ", SpecKeys.CATALOG_TYPES)
                      + ", or catalog-impl: with the class of another catalog.");
    }
  }

  private static void require(
      Where where, Map<String, SecretText> catalog, String key, String example) {
    if (!catalog.containsKey(key) || catalog.get(key).literal().isBlank()) {
      where
          .key(key, where.line())
          .report(
              ErrorCode.MISSING_KEY,
              "this key is missing",
              "Add it, for example " + key + ": " + example);
    }
  }

  private static void checkJdbcUri(Where where, Map<String, SecretText> catalog) {
    String uri = catalog.containsKey("uri") ? catalog.get("uri").literal() : "";
    if (!uri.isBlank() && !uri.startsWith("jdbc:") && !uri.startsWith("${")) {
      where
          .key("uri", where.line())
          .report(
              ErrorCode.BAD_VALUE,
              "this is not a JDBC URL",
              "Write one that begins with jdbc:, for example jdbc:sqlite:./lake/catalog.db.");
    }
  }
}
