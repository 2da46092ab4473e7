package io.datamirror.spec;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the changes go that a mirror has applied, besides the lake.
 *
 * @param servers where Kafka is
 * @param prefix what topics begin with that are not named
 * @param topics topics by the tables that they are named for
 * @param ledgerTopic null if the ledger is not published
 * @param properties passed to the clients, in the spec's order
 */
public record PublishSpec(
    PublishTarget target,
    SecretText servers,
    PublishStyle style,
    String prefix,
    Map<String, String> topics,
    String ledgerTopic,
    Map<String, SecretText> properties)
    implements Serializable {

  private static final String CONTROL = "mirror_published";

  public PublishSpec {
    topics = new LinkedHashMap<>(topics);
    properties = new LinkedHashMap<>(properties);
  }

  @Override
  public Map<String, String> topics() {
    return Collections.unmodifiableMap(topics);
  }

  @Override
  public Map<String, SecretText> properties() {
    return Collections.unmodifiableMap(properties);
  }

  /** The topic of a table. */
  public String topic(String table) {
    return topics.getOrDefault(table, prefix + table);
  }

  /** The topic of the ledger, if it is published. */
  public Optional<String> ledger() {
    return Optional.ofNullable(ledgerTopic);
  }

  /** The topic that says up to where each of the others was published. */
  public String controlTopic() {
    return prefix + CONTROL;
  }
}
