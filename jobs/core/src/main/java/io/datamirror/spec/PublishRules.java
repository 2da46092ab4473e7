package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What holds between what is published and the rest of the spec. */
final class PublishRules {
  private static final String OTHER_TOPIC =
      "Give it another topic, for example topics: { orders: lake.orders }.";

  private final PublishSpec publish;
  private final Keys keys;
  private final List<TableSpec> tables;

  PublishRules(PublishSpec publish, Keys keys, List<TableSpec> tables) {
    this.publish = publish;
    this.keys = keys;
    this.tables = tables.stream().filter(table -> table.name() != null).toList();
  }

  /**
   * @param source null if it could not be read
   */
  void check(SourceSpec source) {
    checkTables();
    Map<String, String> users = checkTopics();
    if (source != null && source.type() == SourceType.KAFKA) {
      checkNoCircle(source, users);
    }
  }

  private void checkTables() {
    for (String name : publish.topics().keySet()) {
      if (tables.stream().noneMatch(table -> table.name().equals(name))) {
        keys.where(SpecKeys.TOPICS)
            .report(
                ErrorCode.BAD_VALUE,
                "no table of this spec is called " + Shown.quoted(name),
                "Name a table by its name in the lake, or take it out.");
      }
    }
  }

  /**
   * A topic holds one table: what has read two as one cannot tell them apart again.
   *
   * @return what is written to each topic
   */
  private Map<String, String> checkTopics() {
    Map<String, String> users = new LinkedHashMap<>();
    users.put(publish.controlTopic(), "the record of what was published");
    for (TableSpec table : tables) {
      checkTopic(publish.topic(table.name()), "the table " + Shown.quoted(table.name()), users);
    }
    publish.ledger().ifPresent(topic -> checkTopic(topic, "the ledger", users));
    return users;
  }

  private void checkTopic(String topic, String user, Map<String, String> users) {
    if (!TopicName.isTopic(topic)) {
      keys.where(SpecKeys.TOPICS)
          .report(
              ErrorCode.BAD_NAME,
              "the topic of " + user + " would be " + Shown.quoted(topic) + ", which is no name",
              "Name its topic with letters, digits, dots, _ and - under topics:.");
      return;
    }
    String first = users.putIfAbsent(topic, user);
    if (first != null) {
      keys.where(SpecKeys.TOPICS)
          .report(
              ErrorCode.CONTRADICTION,
              first + " and " + user + " would go to one topic, " + Shown.quoted(topic),
              OTHER_TOPIC);
    }
  }

  /** A mirror that reads what it publishes never ends. */
  private void checkNoCircle(SourceSpec source, Map<String, String> users) {
    if (source.url() == null
        || publish.servers() == null
        || !source.url().literal().equals(publish.servers().literal())) {
      return;
    }
    for (TableSpec reading : tables) {
      if (reading.source() != null) {
        Pattern read = TopicName.pattern(reading.source());
        users.forEach(
            (topic, user) -> {
              if (read.matcher(topic).matches()) {
                reportCircle(reading, topic, user);
              }
            });
      }
    }
  }

  private void reportCircle(TableSpec reading, String topic, String user) {
    keys.where(keyOf(topic))
        .report(
            ErrorCode.CONTRADICTION,
            "the table "
                + Shown.quoted(reading.name())
                + " reads the topic "
                + Shown.quoted(topic)
                + ", which "
                + user
                + " goes to",
            otherThan(topic));
  }

  /** What names a topic. */
  private SpecKey<?> keyOf(String topic) {
    if (topic.equals(publish.controlTopic())) {
      return SpecKeys.TOPIC_PREFIX;
    }
    return topic.equals(publish.ledgerTopic()) ? SpecKeys.LEDGER_TOPIC : SpecKeys.TOPICS;
  }

  private String otherThan(String topic) {
    if (topic.equals(publish.controlTopic())) {
      return "Name another topic-prefix, for example topic-prefix: lake.";
    }
    return topic.equals(publish.ledgerTopic())
        ? "Name another topic for the ledger, for example ledger: lake.ledger."
        : OTHER_TOPIC;
  }
}
