package io.datamirror.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.Cardinality;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.OnOrphan;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.SpecText;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of Adobe's pages, in both of their styles. */
class DescriptorsTest {
  private static final String HEAD =
      """
      mirror: m
      source: { type: jdbc, url: "jdbc:h2:mem:x" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: m }
      """;

  private final List<String> notes = new ArrayList<>();

  @Test
  void a_composite_key_a_version_and_a_relationship() {
    Imported imported =
        alone(
            """
            { "@type": "xdm:descriptorPrimaryKey",
              "xdm:sourceSchema": "https://ns.adobe.com/acme/schemas/lines",
              "xdm:sourceProperty": ["/orderId", "/orderLineId"] }
            { "@type": "xdm:descriptorVersion",
              "xdm:sourceSchema": "https://ns.adobe.com/acme/schemas/lines",
              "xdm:sourceProperty": "/versionNumber" }
            { "@type": "xdm:descriptorRelationship",
              "xdm:sourceSchema": "https://ns.adobe.com/acme/schemas/lines",
              "xdm:sourceProperty": "/customer_ref",
              "xdm:sourceVersion": 1,
              "xdm:destinationSchema": "https://ns.adobe.com/acme/schemas/customers",
              "xdm:cardinality": "M:1" }
            { "@type": "xdm:descriptorPrimaryKey",
              "xdm:sourceSchema": "https://ns.adobe.com/acme/schemas/customers",
              "xdm:sourceProperty": "/customer_id" }
            { "@type": "xdm:descriptorVersion",
              "xdm:sourceSchema": "https://ns.adobe.com/acme/schemas/customers",
              "xdm:sourceProperty": "/v" }
            """);

    assertThat(imported.tables()).extracting(TableSpec::name).containsExactly("customers", "lines");
    TableSpec lines = imported.tables().get(1);
    assertThat(lines.primaryKey()).containsExactly("orderId", "orderLineId");
    assertThat(lines.version()).containsExactly("versionNumber");
    assertThat(lines.relationships())
        .containsExactly(
            new RelationshipSpec(
                List.of("customer_ref"),
                "customers",
                List.of("customer_id"),
                Cardinality.MANY_TO_ONE,
                OnOrphan.REPORT));
    assertThat(notes)
        .containsExactly(
            "lines: xdm:sourceVersion of xdm:descriptorRelationship is not taken over");
    assertThat(roundTrip(imported)).isEqualTo(imported.tables());
  }

  @Test
  void the_full_form_and_the_legacy_one_to_one() {
    Imported imported =
        alone(
            """
            [ { "@type": "xdm:descriptorPrimaryKey", "xdm:sourceSchema": "x/campaigns", "xdm:sourceProperty": ["/id"] },
              { "@type": "xdm:descriptorVersion", "xdm:sourceSchema": "x/campaigns", "xdm:sourceProperty": "/v" },
              { "@type": "xdm:descriptorPrimaryKey", "xdm:sourceSchema": "x/customers", "xdm:sourceProperty": "/id" },
              { "@type": "xdm:descriptorVersion", "xdm:sourceSchema": "x/customers", "xdm:sourceProperty": "/v" },
              { "@type": "xdm:descriptorRelationship",
                "xdm:sourceSchema": "x/campaigns", "xdm:sourceVersion": 1,
                "xdm:sourceProperty": "/customer_ref",
                "xdm:destinationSchema": "x/customers",
                "xdm:destinationProperty": "/customer_id",
                "xdm:sourceToDestinationName": "CampaignToCustomer",
                "xdm:destinationToSourceName": "CustomerToCampaign",
                "xdm:sourceToDestinationTitle": "Customer campaigns",
                "xdm:destinationToSourceTitle": "Campaign customers",
                "xdm:cardinality": "M:1" },
              { "@type": "xdm:descriptorOneToOne", "xdm:sourceSchema": "x/customers", "xdm:sourceVersion": 1,
                "xdm:sourceProperty": "/campaign", "xdm:destinationSchema": "x/campaigns",
                "xdm:destinationVersion": 1 } ]
            """);

    assertThat(imported.tables())
        .flatExtracting(TableSpec::relationships)
        .extracting(relationship -> relationship + " " + relationship.cardinality())
        .containsExactlyInAnyOrder(
            "customer_ref to customers.customer_id M:1", "campaign to campaigns.id 1:1");
    assertThat(roundTrip(imported)).containsExactlyInAnyOrderElementsOf(imported.tables());
    assertThat(notes)
        .containsExactly(
            "campaigns: xdm:destinationToSourceName, xdm:destinationToSourceTitle,"
                + " xdm:sourceToDestinationName, xdm:sourceToDestinationTitle, xdm:sourceVersion of"
                + " xdm:descriptorRelationship is not taken over",
            "customers: xdm:destinationVersion, xdm:sourceVersion of xdm:descriptorOneToOne is not"
                + " taken over");
  }

  @Test
  void the_short_form_of_the_other_page_is_a_time_series_by_day() {
    Imported imported =
        alone(
            """
            { "xdm:descriptor": "xdm:descriptorPrimaryKey", "xdm:sourceProperty": ["customerId", "eventTimestamp"] }
            { "xdm:descriptor": "xdm:descriptorVersion", "xdm:sourceProperty": "lastModified" }
            { "xdm:descriptor": "xdm:descriptorTimestamp", "xdm:sourceProperty": "eventTimestamp" }
            { "xdm:descriptor": "xdm:descriptorRelationship", "xdm:sourceProperty": "accountId",
              "xdm:destinationSchema": "https://ns.adobe.com/xdm/context/account", "xdm:destinationProperty": "accountId" }
            """);

    TableSpec table = imported.tables().get(0);
    assertThat(table.name()).isEqualTo("events");
    assertThat(table.behavior()).isEqualTo(Behavior.TIME_SERIES);
    assertThat(table.timestamp()).isEqualTo("eventTimestamp");
    assertThat(table.partitionBy()).hasToString("[day(eventTimestamp)]");
    assertThat(imported.notes())
        .contains(
            "events: a relationship says no cardinality and is taken as M:1",
            "events: the relationship of accountId is left out: account is not mirrored");
    assertThat(roundTrip(imported)).isEqualTo(imported.tables());
  }

  @Test
  void the_full_form_of_a_time_series_with_the_members_of_the_b2b_variant() {
    Imported imported =
        alone(
            """
            { "@type": "xdm:descriptorPrimaryKey",
              "xdm:sourceSchema": "https://ns.adobe.com/{TENANT_ID}/schemas/{SCHEMA_ID}",
              "xdm:sourceProperty": ["/id", "/eventTime"] }
            { "@type": "xdm:descriptorVersion",
              "xdm:sourceSchema": "https://ns.adobe.com/{TENANT_ID}/schemas/{SCHEMA_ID}",
              "xdm:sourceProperty": "/versionNumber" }
            { "@type": "xdm:descriptorTimestamp",
              "xdm:sourceSchema": "https://ns.adobe.com/{TENANT_ID}/schemas/{SCHEMA_ID}",
              "xdm:sourceProperty": "/eventTime" }
            { "@type": "xdm:descriptorRelationship",
              "xdm:sourceSchema": "https://ns.adobe.com/{TENANT_ID}/schemas/{SCHEMA_ID}",
              "xdm:sourceVersion": 1, "xdm:sourceProperty": ["/id", "/eventTime"],
              "xdm:destinationSchema": "https://ns.adobe.com/{TENANT_ID}/schemas/{SCHEMA_ID}",
              "xdm:destinationVersion": 1, "xdm:destinationNamespace": "b2b", "xdm:cardinality": "1:1" }
            """);

    TableSpec table = imported.tables().get(0);
    assertThat(table.behavior()).isEqualTo(Behavior.TIME_SERIES);
    assertThat(table.primaryKey()).containsExactly("id", "eventTime");
    assertThat(table.partitionBy()).hasToString("[day(eventTime)]");
    assertThat(table.relationships()).hasSize(1);
    assertThat(imported.notes())
        .containsExactly(
            "{SCHEMA_ID}: xdm:destinationNamespace, xdm:destinationVersion, xdm:sourceVersion of"
                + " xdm:descriptorRelationship is not taken over",
            "{SCHEMA_ID}: is called _schema_id_ in the lake, which takes no such name");
    assertThat(roundTrip(imported)).isEqualTo(imported.tables());
  }

  @Test
  void what_cannot_be_taken_over_is_noted() {
    alone(
        """
        { "@type": "xdm:descriptorPrimaryKey", "xdm:sourceSchema": "a", "xdm:sourceProperty": "/address/id" }
        { "@type": "xdm:descriptorIdentity", "xdm:sourceSchema": "a", "xdm:sourceProperty": "/mail" }
        { "@type": "xdm:descriptorRelationship", "xdm:sourceSchema": "a", "xdm:sourceProperty": "/x",
          "xdm:destinationSchema": "b", "xdm:cardinality": "M:N" }
        """);

    assertThat(notes)
        .containsExactly(
            "a: [address/id] is left out: only fields at the root can be taken over",
            "a: the descriptor xdm:descriptorIdentity is left out",
            "a: the relationship of x is left out: its cardinality M:N is none of 1:1, 1:0, M:1 and"
                + " M:0",
            "a: has no primary key descriptor, which every schema needs",
            "a: has no version descriptor, which every schema needs");
  }

  @Test
  void what_is_no_json_is_refused() {
    assertThatThrownBy(() -> alone("{ \"@type\": "))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("MIRROR-1061 descriptors: the text is not JSON");
  }

  private Imported alone(String json) {
    return DescribedModel.alone(
        Descriptors.read(json, "events", notes), null, SpecDraft.Feeding.BY_COLUMN, notes);
  }

  /** The tables as they are after having been written into a spec and read from it. */
  private static List<TableSpec> roundTrip(Imported imported) {
    String text = SpecText.of(SpecReader.readHead("head", HEAD, Map.of()), imported.tables());
    MirrorSpec spec = SpecReader.read(text);
    return spec.tables().stream().map(TableModelTest::withoutLine).toList();
  }
}
