package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.testing.SampleSpec;
import org.junit.jupiter.api.Test;

class PublishRulesTest {

  private static final String SPEC =
      """
      mirror: shop
      source: { type: kafka, bootstrap-servers: "broker:9092" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      publish: { %s }
      defaults: { format: json, primary-key: [id], schema: { id: long } }
      tables:
        - { name: items, source: in.items }
        - { name: old items, source: /in\\.old.*/, version: [id] }
      """;

  private static final String KAFKA = "type: kafka, bootstrap-servers: \"broker:9092\"";
  private static final String NAMED = KAFKA + ", topics: { old items: old }";

  private static String spec(String publish) {
    return SPEC.formatted(publish);
  }

  private static void assertProblem(String publish, String... parts) {
    assertThat(SampleSpec.problemsOf(spec(publish)))
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains(parts));
  }

  @Test
  void topics_are_called_like_the_mirror_and_the_table_unless_they_are_named() {
    PublishSpec publish = SpecReader.read(spec(NAMED + ", ledger: shop.ledger")).publish();

    assertThat(publish.style()).isEqualTo(PublishStyle.UPSERT);
    assertThat(publish.topic("items")).isEqualTo("shop.items");
    assertThat(publish.topic("old items")).isEqualTo("old");
    assertThat(publish.ledger()).contains("shop.ledger");
    assertThat(publish.controlTopic()).isEqualTo("shop.mirror_published");
  }

  @Test
  void where_kafka_is_must_be_said() {
    assertProblem(
        "type: kafka, topics: { old items: old }",
        "MIRROR-1003",
        "publish.bootstrap-servers (line 4): this key is missing",
        "Add it, for example bootstrap-servers: broker-1:9092");
    assertProblem(
        "type: kafka, bootstrap-servers: \"http://broker\", topics: { old items: old }",
        "MIRROR-1004",
        "these are not the addresses of brokers",
        "host:port");
  }

  @Test
  void where_kafka_is_may_stand_in_a_file() {
    String publish = NAMED.replace("broker:9092", "${file:/run/secrets/brokers}");

    assertThat(SpecReader.read(spec(publish)).publish().servers())
        .hasToString("${file:/run/secrets/brokers}");
  }

  @Test
  void a_style_that_does_not_exist_is_refused() {
    assertProblem(NAMED + ", style: avro", "MIRROR-1004", "publish.style", "upsert", "debezium");
  }

  @Test
  void two_tables_never_share_a_topic() {
    assertProblem(
        KAFKA + ", topics: { old items: shop.items }",
        "MIRROR-1006",
        "\"items\" and the table \"old items\" would go to one topic, \"shop.items\"",
        "Give it another topic");
    assertProblem(
        NAMED + ", ledger: old", "MIRROR-1006", "the ledger would go to one topic, \"old\"");
    assertProblem(
        NAMED + ", ledger: shop.mirror_published",
        "MIRROR-1006",
        "the record of what was published and the ledger would go to one topic");
  }

  @Test
  void a_name_that_no_topic_can_have_is_refused() {
    assertProblem(
        KAFKA,
        "MIRROR-1008",
        "the topic of the table \"old items\" would be \"shop.old items\", which is no name",
        "Name its topic");
  }

  @Test
  void topics_are_of_tables_of_the_spec() {
    assertProblem(
        KAFKA + ", topics: { old items: old, itmes: x }",
        "MIRROR-1004",
        "no table of this spec is called \"itmes\"");
  }

  @Test
  void a_mirror_does_not_read_what_it_publishes() {
    assertProblem(
        KAFKA + ", topics: { old items: in.old-items }",
        "MIRROR-1006",
        "publish.topics",
        "the table \"old items\" reads the topic \"in.old-items\", which the table \"old items\""
            + " goes to",
        "Give it another topic");
    assertThat(
            SampleSpec.problemsOf(
                spec(
                    "type: kafka, bootstrap-servers: \"other:9092\", topics: { old items: in.old }")))
        .isEmpty();
  }

  @Test
  void nor_does_it_read_its_ledger_or_the_record_of_what_was_published() {
    assertProblem(
        NAMED + ", ledger: in.old-ledger",
        "MIRROR-1006",
        "publish.ledger",
        "the table \"old items\" reads the topic \"in.old-ledger\", which the ledger goes to",
        "Name another topic for the ledger");
    assertProblem(
        KAFKA + ", topics: { items: items, old items: old }, topic-prefix: in.old.",
        "MIRROR-1006",
        "publish.topic-prefix",
        "the table \"old items\" reads the topic \"in.old.mirror_published\", which the record of"
            + " what was published goes to",
        "Name another topic-prefix");
  }

  @Test
  void what_makes_that_changes_are_published_once_is_not_for_users_to_set() {
    assertProblem(
        NAMED + ", properties: { acks: \"1\" }",
        "MIRROR-1006",
        "acks is the mirror's own to set",
        "Take it out");
  }
}
