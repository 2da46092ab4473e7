package io.datamirror.spec;

import static java.util.Objects.requireNonNullElse;

import io.datamirror.error.ErrorCode;
import java.time.Duration;
import java.util.Map;

/** Turns the keys of the source into its record. What is missing or wrong is null there. */
final class SourceReader {
  static final String OUT_OF_URL =
      "Take it out of the URL, and write it as password: or under properties: with ${env:NAME}.";

  private SourceReader() {}

  static SourceSpec read(Keys keys) {
    SourceType type = keys.requiredValue(SpecKeys.TYPE);
    SourceSpec source =
        new SourceSpec(
            type,
            keys.value(SpecKeys.URL),
            keys.value(SpecKeys.USER),
            keys.value(SpecKeys.PASSWORD),
            requireNonNullElse(keys.value(SpecKeys.PROPERTIES), Map.of()),
            keys.value(SpecKeys.POLL_INTERVAL),
            settle(keys, type),
            keys.value(SpecKeys.ON_HISTORY_LOST),
            requireNonNullElse(keys.value(SpecKeys.CONNECTIONS), 1),
            requireNonNullElse(keys.value(SpecKeys.FETCH_SIZE), 1),
            requireNonNullElse(keys.value(SpecKeys.RETENTION_WARNING), 0));
    if (type != null) {
      checkType(keys, source);
    }
    return source;
  }

  private static Duration settle(Keys keys, SourceType type) {
    return keys.has(SpecKeys.SETTLE) || type == null ? keys.value(SpecKeys.SETTLE) : type.settle();
  }

  private static void checkType(Keys keys, SourceSpec source) {
    switch (source.type()) {
      case JDBC, SNOWFLAKE, DATABRICKS, BIGQUERY -> checkJdbc(keys, source);
      case KAFKA, FILES ->
          keys.where(SpecKeys.TYPE)
              .report(
                  ErrorCode.NOT_IN_THIS_RELEASE,
                  "sources of type " + source.type() + " are not in this release",
                  "Write type: jdbc, snowflake, databricks or bigquery, or wait for a later release.");
    }
  }

  private static void checkJdbc(Keys keys, SourceSpec source) {
    SecretText url = keys.requiredValue(SpecKeys.URL);
    if (url != null) {
      checkUrl(keys.where(SpecKeys.URL), url);
    }
    checkGivenOnce(keys, source, SpecKeys.USER);
    checkGivenOnce(keys, source, SpecKeys.PASSWORD);
  }

  private static void checkUrl(Where where, SecretText url) {
    String literal = url.literal();
    if (!literal.startsWith("jdbc:") && !literal.startsWith("${")) {
      where.report(
          ErrorCode.BAD_VALUE,
          "this is not a JDBC URL",
          "Write one that begins with jdbc:, for example jdbc:postgresql://host:5432/database.");
    }
    checkNoSecret(where, url, OUT_OF_URL);
  }

  static void checkNoSecret(Where where, SecretText url, String nextStep) {
    if (SecretUrl.holdsSecret(url.literal())) {
      where.report(ErrorCode.SECRET_IN_URL, "the URL holds a secret in clear text", nextStep);
    }
  }

  private static void checkGivenOnce(Keys keys, SourceSpec source, SpecKey<SecretText> key) {
    if (keys.has(key) && source.properties().containsKey(key.name())) {
      keys.where(SpecKeys.PROPERTIES)
          .report(
              ErrorCode.CONTRADICTION,
              key.name() + " is given here and as source." + key.name(),
              "Keep source." + key.name() + ".");
    }
  }
}
