package io.datamirror.spec;

import static java.util.Objects.requireNonNullElse;

import io.datamirror.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Turns the keys of the source into its record. What is missing or wrong is null there. */
final class SourceReader {
  static final String OUT_OF_URL =
      "Take it out of the URL, and write it as password: or under properties: with ${env:NAME}.";

  private static final Duration RECORDS_POLL_INTERVAL = Duration.ofSeconds(1);

  /** What the clients of Kafka are told by the mirror: anything else would lose records. */
  private static final List<String> OURS =
      List.of(
          "bootstrap.servers",
          "group.id",
          "enable.auto.commit",
          "auto.offset.reset",
          "isolation.level",
          "key.deserializer",
          "value.deserializer",
          "allow.auto.create.topics",
          "max.poll.records");

  private SourceReader() {}

  static SourceSpec read(Keys keys) {
    SourceType type = keys.requiredValue(SpecKeys.TYPE);
    SourceSpec source =
        new SourceSpec(
            type,
            keys.value(address(type)),
            keys.value(SpecKeys.USER),
            keys.value(SpecKeys.PASSWORD),
            requireNonNullElse(keys.value(SpecKeys.PROPERTIES), Map.of()),
            pollInterval(keys, type),
            settle(keys, type),
            keys.value(SpecKeys.ON_HISTORY_LOST),
            requireNonNullElse(keys.value(SpecKeys.CONNECTIONS), 1),
            requireNonNullElse(keys.value(SpecKeys.FETCH_SIZE), 1),
            keys.value(SpecKeys.ANSWER_TIMEOUT),
            requireNonNullElse(keys.value(SpecKeys.RETENTION_WARNING), 0),
            keys.value(RegistryKeys.REGISTRY),
            type == SourceType.KAFKA ? snapshot(keys) : null);
    if (type != null) {
      checkType(keys, source);
    }
    return source;
  }

  /** Null if there is none. */
  private static SnapshotSource snapshot(Keys keys) {
    Keys section = keys.value(SpecKeys.SNAPSHOT);
    if (section == null) {
      return null;
    }
    SourceSpec database =
        new SourceSpec(
            section.requiredValue(SpecKeys.SNAPSHOT_TYPE),
            section.value(SpecKeys.URL),
            section.value(SpecKeys.USER),
            section.value(SpecKeys.PASSWORD),
            requireNonNullElse(section.value(SpecKeys.PROPERTIES), Map.of()),
            pollInterval(keys, SourceType.KAFKA),
            settle(keys, SourceType.KAFKA),
            OnHistoryLost.STOP,
            1,
            requireNonNullElse(keys.value(SpecKeys.FETCH_SIZE), 1),
            section.value(SpecKeys.ANSWER_TIMEOUT),
            0);
    checkJdbc(section, database);
    return new SnapshotSource(database, section.value(SpecKeys.OVERLAP));
  }

  /**
   * Reports what is wrong with the database of base tables, of whatever type the source will be.
   */
  static void checkSnapshot(Keys keys) {
    snapshot(keys);
  }

  private static Duration settle(Keys keys, SourceType type) {
    return keys.has(SpecKeys.SETTLE) || type == null ? keys.value(SpecKeys.SETTLE) : type.settle();
  }

  /** The key that says where a source of this type is. */
  private static SpecKey<SecretText> address(SourceType type) {
    if (type == SourceType.KAFKA) {
      return SpecKeys.BOOTSTRAP_SERVERS;
    }
    return type == SourceType.FILES ? SpecKeys.PATH : SpecKeys.URL;
  }

  /** Looking for new records costs little where nothing has to be queried. */
  private static Duration pollInterval(Keys keys, SourceType type) {
    boolean records = type == SourceType.KAFKA || type == SourceType.FILES;
    return records && !keys.has(SpecKeys.POLL_INTERVAL)
        ? RECORDS_POLL_INTERVAL
        : keys.value(SpecKeys.POLL_INTERVAL);
  }

  private static void checkType(Keys keys, SourceSpec source) {
    checkAddress(keys, source.type());
    if (source.onHistoryLost() == OnHistoryLost.CONTINUE && source.type() != SourceType.JDBC) {
      keys.where(SpecKeys.ON_HISTORY_LOST)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + source.type() + " says itself what it no longer has",
              "Write on-history-lost: stop, or snapshot where there is a table to read again.");
    }
    switch (source.type()) {
      case JDBC, SNOWFLAKE, DATABRICKS, BIGQUERY -> checkJdbc(keys, source);
      case KAFKA -> checkKafka(keys, source);
      case FILES -> checkFiles(keys, source);
    }
  }

  /** A source is at one place, and the key that names it is its own. */
  private static void checkAddress(Keys keys, SourceType type) {
    for (SpecKey<SecretText> key :
        List.of(SpecKeys.URL, SpecKeys.BOOTSTRAP_SERVERS, SpecKeys.PATH)) {
      if (!key.equals(address(type))) {
        refuse(keys, type, key);
      }
    }
    if (type != SourceType.KAFKA) {
      refuse(keys, type, RegistryKeys.REGISTRY);
    }
  }

  private static void checkKafka(Keys keys, SourceSpec source) {
    SecretText servers = keys.requiredValue(SpecKeys.BOOTSTRAP_SERVERS);
    if (servers != null && servers.withoutReferences().contains("/")) {
      keys.where(SpecKeys.BOOTSTRAP_SERVERS)
          .report(
              ErrorCode.BAD_VALUE,
              "these are not the addresses of brokers",
              "Write host:port, several with commas between, without a protocol.");
    }
    for (SpecKey<?> key :
        List.of(
            SpecKeys.USER,
            SpecKeys.PASSWORD,
            SpecKeys.ANSWER_TIMEOUT,
            SpecKeys.RETENTION_WARNING)) {
      refuse(keys, source.type(), key);
    }
    for (String property : OURS) {
      if (source.properties().containsKey(property)) {
        keys.where(SpecKeys.PROPERTIES)
            .report(
                ErrorCode.CONTRADICTION,
                property + " is the mirror's own to set",
                "Take it out: a mirror keeps its offsets itself, and reads what is committed.");
      }
    }
    if (source.snapshot() == null) {
      checkNoSnapshot(keys, source);
    }
  }

  private static void checkFiles(Keys keys, SourceSpec source) {
    SecretText path = keys.requiredValue(SpecKeys.PATH);
    if (path != null) {
      checkNoSecret(
          keys.where(SpecKeys.PATH), path, "Take it out of the path; the file system has its own.");
    }
    for (SpecKey<?> key :
        List.of(
            SpecKeys.USER,
            SpecKeys.PASSWORD,
            SpecKeys.PROPERTIES,
            SpecKeys.FETCH_SIZE,
            SpecKeys.ANSWER_TIMEOUT,
            SpecKeys.RETENTION_WARNING)) {
      refuse(keys, source.type(), key);
    }
    checkNoSnapshot(keys, source);
  }

  private static void checkNoSnapshot(Keys keys, SourceSpec source) {
    if (source.onHistoryLost() == OnHistoryLost.SNAPSHOT) {
      keys.where(SpecKeys.ON_HISTORY_LOST)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + source.type() + " has no base table to read again",
              "Write on-history-lost: stop.");
    }
  }

  static void refuse(Keys keys, SourceType type, SpecKey<?> key) {
    if (keys.has(key)) {
      keys.where(key)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + type + " has no " + key.name(),
              "Take " + key.name() + ": out.");
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
              key.name() + " is given here and as " + keys.where(key).path(),
              "Keep " + keys.where(key).path() + ".");
    }
  }
}
