package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.Operation;
import io.datamirror.model.DdlDialect;
import io.datamirror.model.DdlModel;
import io.datamirror.model.DescribedModel;
import io.datamirror.model.Descriptors;
import io.datamirror.model.ForeignKey;
import io.datamirror.model.Imported;
import io.datamirror.model.SpecDraft;
import io.datamirror.model.SpecDraft.Feeding;
import io.datamirror.model.TableModel;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real databases describe their tables, and the same model comes out whoever says it. */
class SourceModelTest {
  private static final String AIRPORTS =
      """
      CREATE TABLE "COUNTRIES" ("id" INTEGER PRIMARY KEY, "code" CHARACTER VARYING NOT NULL UNIQUE,
        "name" CHARACTER VARYING, "_commit_version" BIGINT NOT NULL);
      CREATE TABLE "REGIONS" ("id" INTEGER PRIMARY KEY, "code" CHARACTER VARYING,
        "iso_country" CHARACTER VARYING NOT NULL, "_commit_version" BIGINT NOT NULL,
        FOREIGN KEY ("iso_country") REFERENCES "COUNTRIES" ("code"));
      CREATE TABLE "NAVAIDS" ("id" INTEGER PRIMARY KEY, "ident" CHARACTER VARYING,
        "latitude_deg" DOUBLE PRECISION, "iso_country" CHARACTER VARYING NOT NULL,
        "_commit_version" BIGINT NOT NULL,
        FOREIGN KEY ("iso_country") REFERENCES "COUNTRIES" ("code"));
      CREATE TABLE "AIRPORT_FREQUENCIES" ("id" INTEGER PRIMARY KEY, "airport_ref" INTEGER,
        "type" CHARACTER VARYING, "frequency_mhz" CHARACTER VARYING, "_commit_version" BIGINT NOT NULL);
      CREATE TABLE "RUNWAYS" ("id" INTEGER PRIMARY KEY, "airport_ref" INTEGER, "length_ft" INTEGER,
        "le_latitude_deg" DOUBLE PRECISION, "_commit_version" BIGINT NOT NULL);
      """;

  @Test
  void the_airports_are_one_model_discovered_from_ddl_and_from_descriptors() throws Exception {
    List<String> notes = new ArrayList<>();
    Imported discovered;
    try (H2 h2 = new H2(AIRPORTS)) {
      discovered =
          SpecDraft.of(
              SourceModel.read(h2.connection(), SourceType.JDBC, "PUBLIC"),
              Feeding.BY_COLUMN,
              List.of());
    }
    Imported declared =
        SpecDraft.of(
            DdlModel.read(AIRPORTS, DdlDialect.H2, "PUBLIC", notes), Feeding.BY_COLUMN, notes);
    Imported described =
        DescribedModel.alone(
            Descriptors.read(
                descriptors("COUNTRIES")
                    + descriptors("REGIONS")
                    + descriptors("NAVAIDS")
                    + descriptors("AIRPORT_FREQUENCIES")
                    + descriptors("RUNWAYS")
                    + relationship("REGIONS")
                    + relationship("NAVAIDS"),
                "",
                notes),
            "PUBLIC",
            Feeding.BY_COLUMN,
            notes);

    assertThat(discovered.notes()).isEmpty();
    assertThat(notes).isEmpty();
    assertThat(discovered.tables())
        .extracting(TableSpec::name)
        .containsExactly("airport_frequencies", "countries", "navaids", "regions", "runways");
    assertThat(discovered.tables().get(2).relationships())
        .hasToString("[iso_country to countries.code]");
    assertThat(declared.tables()).isEqualTo(discovered.tables());
    assertThat(described.tables()).isEqualTo(discovered.tables());
  }

  private static String descriptors(String schema) {
    return """
        { "@type": "xdm:descriptorPrimaryKey", "xdm:sourceSchema": "https://ns.adobe.com/t/schemas/%1$s", "xdm:sourceProperty": "/id" }
        { "@type": "xdm:descriptorVersion", "xdm:sourceSchema": "https://ns.adobe.com/t/schemas/%1$s", "xdm:sourceProperty": "/_commit_version" }
        """
        .formatted(schema);
  }

  private static String relationship(String schema) {
    return """
        { "@type": "xdm:descriptorRelationship", "xdm:sourceSchema": "https://ns.adobe.com/t/schemas/%1$s",
          "xdm:sourceProperty": "/iso_country", "xdm:destinationSchema": "https://ns.adobe.com/t/schemas/COUNTRIES",
          "xdm:destinationProperty": "/code", "xdm:cardinality": "M:1" }
        """
        .formatted(schema);
  }

  @Test
  void a_table_of_changes_without_quotes_is_read_after_its_table_and_with_its_deletes()
      throws Exception {
    try (H2 h2 =
        new H2(
            """
            CREATE TABLE orders (id INTEGER PRIMARY KEY, note VARCHAR, version BIGINT NOT NULL);
            CREATE TABLE orders_changes (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              _change_request_type VARCHAR(1), id INTEGER NOT NULL, note VARCHAR,
              version BIGINT NOT NULL);
            INSERT INTO orders VALUES (1, 'never changed', 1);
            INSERT INTO orders_changes (_change_request_type, id, note, version)
              VALUES ('u', 2, 'two', 1), ('d', 2, NULL, 2);
            """)) {
      Imported drafted =
          SpecDraft.of(
              SourceModel.read(h2.connection(), SourceType.JDBC, "PUBLIC"),
              Feeding.BY_COLUMN,
              List.of());

      assertThat(drafted.notes()).isEmpty();
      TableSpec orders = drafted.tables().get(0);
      assertThat(orders.operation()).isEqualTo("_CHANGE_REQUEST_TYPE");
      assertThat(orders.snapshot()).isEqualTo("PUBLIC.ORDERS");
      Feed feed = Reads.resolve(h2.connection(), orders);
      assertThat(Reads.all(h2.connection(), feed).changes())
          .extracting(Collected.Change::operation)
          .containsExactly(Operation.UPSERT, Operation.DELETE);
      assertThat(snapshot(h2, feed).values("NOTE")).isEqualTo(List.of("never changed"));
    }
  }

  private static Collected snapshot(H2 h2, Feed feed) throws SQLException {
    Collected rows = new Collected(feed.layout());
    Position head = feed.head(h2.connection(), Position.BEGINNING);
    Reads.read(h2.connection(), feed, feed.snapshotChunks(h2.connection(), head, Reads.MANY), rows);
    return rows;
  }

  @Test
  void odd_names_are_discovered_as_they_are_in_h2() throws Exception {
    try (H2 h2 = new H2()) {
      assertOddNames(h2.connection());
    }
  }

  @Test
  void odd_names_are_discovered_as_they_are_in_postgresql() throws Exception {
    try (Postgres postgres = new Postgres()) {
      assertOddNames(postgres.connection());
    }
  }

  private static void assertOddNames(java.sql.Connection connection) throws SQLException {
    Postgres.run(connection, "CREATE SCHEMA odd");
    String schema = connection.getMetaData().storesUpperCaseIdentifiers() ? "ODD" : "odd";
    List<String> names = Names.ALL.stream().filter(name -> name.length() < 60).toList();
    for (String name : names) {
      String quoted = Names.quoted(name);
      Postgres.run(
          connection,
          "CREATE TABLE odd.%1$s (%1$s INTEGER PRIMARY KEY, \"_version\" BIGINT NOT NULL)"
              .formatted(quoted),
          "CREATE TABLE odd.%2$s (id INTEGER PRIMARY KEY, %1$s INTEGER REFERENCES odd.%1$s (%1$s))"
              .formatted(quoted, Names.quoted("child " + name)));
    }

    List<TableModel> tables = SourceModel.read(connection, SourceType.JDBC, schema);

    assertThat(tables).hasSize(2 * names.size());
    for (TableModel table : tables) {
      String name = table.name().table().name();
      if (names.contains(name)) {
        assertThat(table.primaryKey()).containsExactly(name);
      } else {
        String parent = name.substring("child ".length());
        assertThat(table.foreignKeys())
            .extracting(ForeignKey::columns)
            .containsExactly(List.of(parent));
        assertThat(table.foreignKeys().get(0).referenced().table().name()).isEqualTo(parent);
        assertThat(table.foreignKeys().get(0).referencedColumns()).containsExactly(parent);
      }
    }
  }
}
