package io.datamirror.spec;

import static java.util.Objects.requireNonNullElse;

import io.datamirror.error.ErrorCode;
import java.util.List;
import java.util.Map;

/** Turns the keys of publishing into their record. What is missing or wrong is null there. */
final class PublishReader {

  /** What makes that every change is published once. */
  private static final List<String> OURS =
      List.of(
          "bootstrap.servers",
          "transactional.id",
          "enable.idempotence",
          "acks",
          "max.in.flight.requests.per.connection",
          "isolation.level",
          "group.id",
          "auto.offset.reset",
          "enable.auto.commit",
          "key.serializer",
          "value.serializer",
          "partitioner.class",
          "partitioner.ignore.keys",
          "interceptor.classes");

  private PublishReader() {}

  /**
   * @param mirror the mirror's name; null if it has none yet
   */
  static PublishSpec read(Keys keys, String mirror) {
    PublishSpec publish =
        new PublishSpec(
            keys.requiredValue(SpecKeys.PUBLISH_TYPE),
            keys.requiredValue(SpecKeys.PUBLISH_SERVERS),
            keys.value(SpecKeys.PUBLISH_STYLE),
            requireNonNullElse(keys.value(SpecKeys.TOPIC_PREFIX), mirror + "."),
            requireNonNullElse(keys.value(SpecKeys.TOPICS), Map.of()),
            keys.value(SpecKeys.LEDGER_TOPIC),
            requireNonNullElse(keys.value(SpecKeys.PROPERTIES), Map.of()));
    checkServers(keys, publish);
    for (String property : OURS) {
      if (publish.properties().containsKey(property)) {
        keys.where(SpecKeys.PROPERTIES)
            .report(
                ErrorCode.CONTRADICTION,
                property + " is the mirror's own to set",
                "Take it out: with another value changes would be published twice, or out of order.");
      }
    }
    return publish;
  }

  private static void checkServers(Keys keys, PublishSpec publish) {
    if (publish.servers() != null && publish.servers().withoutReferences().contains("/")) {
      keys.where(SpecKeys.PUBLISH_SERVERS)
          .report(
              ErrorCode.BAD_VALUE,
              "these are not the addresses of brokers",
              "Write host:port, several with commas between, without a protocol.");
    }
  }
}
