package io.datamirror.relate;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelateTest {
  private static final String HEAD =
      """
      mirror: m
      source: { type: jdbc, url: "jdbc:h2:mem:x" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: m }
      defaults: { feed: incremental, primary-key: [id], version: [v] }
      tables:
      """;

  private static final String AIRPORTS =
      """
        - name: navaids
          source: navaids
          relationships:
            - { column: iso_country, references: countries.code, cardinality: "M:1" }
            - { columns: [region, part], references: [regions.id, regions.part], cardinality: "1:0", on-orphan: ledger }
        - { name: regions, source: regions, primary-key: [id, part], relationships: [{ column: iso, references: countries.code, cardinality: "M:0" }], columns: { rename: { part: piece } } }
        - { name: countries, source: countries, timestamp: t }
      """;

  @Test
  void tables_that_are_referred_to_come_first() {
    assertThat(LoadOrder.of(spec(AIRPORTS).tables()).stream().map(TableSpec::name))
        .containsExactly("countries", "regions", "navaids");
  }

  @Test
  void a_circle_begins_where_the_spec_begins() {
    MirrorSpec spec =
        spec(
            """
              - { name: a, source: a, relationships: [{ column: x, references: b.id, cardinality: "M:1" }] }
              - { name: b, source: b, relationships: [{ column: x, references: a.id, cardinality: "M:0" }] }
              - { name: tree, source: tree, relationships: [{ column: parent, references: tree.id, cardinality: "M:0" }] }
            """);

    assertThat(LoadOrder.of(spec.tables()).stream().map(TableSpec::name))
        .containsExactly("b", "a", "tree");
    assertThat(LoadOrder.levels(spec.tables())).isEqualTo(Map.of("a", 1, "b", 0, "tree", 0));
    assertThat(SvgDiagram.of(spec.tables())).contains("→ tree");
  }

  @Test
  void the_text_shows_keys_and_arrows() {
    assertThat(String.join("\n", TextDiagram.lines(spec(AIRPORTS).tables())))
        .isEqualTo(
            """
            countries  key id, version v, timestamp t
            regions    key (id, part), version v
              iso ──M:0──▶ countries.code
            navaids    key id, version v
              iso_country ──M:1──▶ countries.code
              (region, part) ──1:0──▶ regions.(id, part)"""
                .indent(0)
                .strip());
  }

  @Test
  void references_of_the_lake_have_the_names_of_the_lake() {
    assertThat(LakeReference.of(spec(AIRPORTS).tables()))
        .extracting(LakeReference::toString)
        .containsExactly(
            "navaids.iso_country → countries.code",
            "navaids.(region, part) → regions.(id, piece)",
            "regions.iso → countries.code");
  }

  @Test
  void a_view_joins_a_table_with_all_that_it_refers_to() {
    List<JoinViews.View> views =
        new JoinViews(
                spec(AIRPORTS).tables(),
                table ->
                    switch (table) {
                      case "navaids" -> List.of("id", "iso_country", "region", "part", "v");
                      case "regions" -> List.of("id", "piece", "iso", "v");
                      default -> List.of("code", "a`b");
                    })
            .views();

    assertThat(views)
        .extracting(JoinViews.View::name)
        .containsExactly("navaids_joined", "regions_joined");
    assertThat(views.get(1).statement())
        .isEqualTo(
            """
            CREATE TEMPORARY VIEW `regions_joined` AS
            SELECT
              t.`id`,
              t.`piece`,
              t.`iso`,
              t.`v`,
              r1.`code` AS `countries_code`,
              r1.`a``b` AS `countries_a``b`
            FROM `regions` AS t
            LEFT JOIN `countries` AS r1 ON t.`iso` = r1.`code`;""");
    assertThat(views.get(0).select())
        .contains("LEFT JOIN `regions` AS r2 ON t.`region` = r2.`id` AND t.`part` = r2.`piece`");
  }

  private static MirrorSpec spec(String tables) {
    return SpecReader.read(HEAD + tables);
  }
}
