package io.datamirror.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.SourceType;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.SpecText;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tables as DDL says them, in five dialects, become tables of a spec. */
class TableModelTest {
  private static final String HEAD =
      """
      mirror: m
      source: { type: jdbc, url: "jdbc:h2:mem:x" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: m }
      """;

  private final List<String> notes = new ArrayList<>();

  /** A table of a spec as if it stood nowhere. */
  static TableSpec withoutLine(TableSpec table) {
    return new TableSpec(
        table.name(),
        table.source(),
        table.feed(),
        table.behavior(),
        table.primaryKey(),
        table.version(),
        table.timestamp(),
        table.operation(),
        table.order(),
        table.cursor(),
        table.transaction(),
        table.snapshot(),
        table.columns(),
        table.partitionBy(),
        table.relationships(),
        table.onSchemaChange(),
        table.onBadRow(),
        table.allowedLateness(),
        table.tie(),
        0);
  }

  @Test
  void the_published_shape_with_an_enum_and_a_composite_key() {
    String spec =
        spec(
            """
            CREATE TABLE orders ( order_id INT NOT NULL, product_id INT NOT NULL, order_date DATE NOT NULL,
              customer_id INT NOT NULL, quantity INT NOT NULL, version BIGINT NOT NULL,
              order_status enum ('PENDING','SHIPPED','DELIVERED','CANCELLED'),
              PRIMARY KEY (order_id, product_id) );
            """,
            DdlDialect.POSTGRESQL);

    assertThat(spec)
        .endsWith(
            """
            tables:
              - name: orders
                source: public.orders
                feed: incremental
                primary-key: [order_id, product_id]
                version: [version]
            """);
    assertThat(notes).isEmpty();
  }

  @Test
  void every_dialect_says_the_same_model() {
    String h2 =
        spec(
            """
            CREATE TABLE customers (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, updated_at TIMESTAMP NOT NULL);
            CREATE TABLE IF NOT EXISTS orders (id INTEGER NOT NULL, customer INTEGER NOT NULL REFERENCES customers (id),
              updated_at TIMESTAMP WITH TIME ZONE NOT NULL, status ENUM('a', 'b'), CONSTRAINT pk PRIMARY KEY (id));
            """,
            DdlDialect.H2);
    String postgresql =
        spec(
            """
            -- the same
            CREATE TABLE customers (id serial PRIMARY KEY, updated_at timestamptz NOT NULL);
            CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, updated_at timestamptz NOT NULL, doc jsonb);
            ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers (id);
            """,
            DdlDialect.POSTGRESQL);
    String snowflake =
        spec(
            """
            CREATE OR REPLACE TABLE customers (id NUMBER(38,0) NOT NULL AUTOINCREMENT, updated_at TIMESTAMP_NTZ(9) NOT NULL COMMENT 'when', PRIMARY KEY (id));
            CREATE TABLE orders (id NUMBER NOT NULL, customer NUMBER NOT NULL, updated_at TIMESTAMP_NTZ NOT NULL,
              CONSTRAINT pk PRIMARY KEY (id) NOT ENFORCED, CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers (id) NOT ENFORCED);
            """,
            DdlDialect.SNOWFLAKE);
    String databricks =
        spec(
            """
            CREATE TABLE customers (id BIGINT NOT NULL, updated_at TIMESTAMP NOT NULL, CONSTRAINT pk PRIMARY KEY(id)) USING DELTA TBLPROPERTIES (delta.enableChangeDataFeed = true);
            CREATE TABLE orders (id BIGINT NOT NULL, customer BIGINT NOT NULL, updated_at TIMESTAMP NOT NULL, CONSTRAINT pk PRIMARY KEY(id), CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers);
            """,
            DdlDialect.DATABRICKS);
    String bigquery =
        spec(
            """
            CREATE TABLE `customers` (id INT64 NOT NULL, updated_at TIMESTAMP NOT NULL OPTIONS(description='when'), PRIMARY KEY (id) NOT ENFORCED) OPTIONS(enable_change_history=TRUE);
            CREATE TABLE orders (id INT64 NOT NULL, customer INT64 NOT NULL, updated_at TIMESTAMP NOT NULL,
              PRIMARY KEY (id) NOT ENFORCED, FOREIGN KEY (customer) REFERENCES customers (id) NOT ENFORCED);
            """,
            DdlDialect.BIGQUERY);

    assertThat(notes).isEmpty();
    assertThat(postgresql)
        .endsWith(
            """
            tables:
              - name: customers
                source: public.customers
                feed: incremental
                primary-key: [id]
                version: [updated_at]
              - name: orders
                source: public.orders
                feed: incremental
                primary-key: [id]
                version: [updated_at]
                relationships:
                  - { column: customer, references: customers.id, cardinality: "M:1" }
            """);
    assertThat(databricks).isEqualTo(postgresql);
    assertThat(bigquery).isEqualTo(postgresql);
    assertThat(h2).isEqualToIgnoringCase(postgresql).contains("primary-key: [ID]");
    assertThat(snowflake).isEqualTo(h2);
  }

  @Test
  void keys_and_nulls_give_the_cardinality() {
    String spec =
        spec(
            """
            CREATE TABLE a (id int PRIMARY KEY, version int NOT NULL);
            CREATE TABLE b (id int PRIMARY KEY REFERENCES a, other int REFERENCES a (id), twin int NOT NULL UNIQUE,
              maybe int UNIQUE, version int NOT NULL,
              FOREIGN KEY (twin) REFERENCES a (id), FOREIGN KEY (maybe) REFERENCES a (id));
            """,
            DdlDialect.POSTGRESQL);

    assertThat(spec)
        .contains(
            "{ column: id, references: a.id, cardinality: \"1:1\" }",
            "{ column: other, references: a.id, cardinality: \"M:0\" }",
            "{ column: twin, references: a.id, cardinality: \"1:1\" }",
            "{ column: maybe, references: a.id, cardinality: \"1:0\" }");
  }

  @Test
  void what_cannot_be_taken_over_is_noted() {
    String spec =
        spec(
            """
            CREATE TABLE keyless (a int, version int NOT NULL);
            CREATE TABLE unversioned (id int PRIMARY KEY);
            CREATE TABLE odd (id int PRIMARY KEY, version int NOT NULL, n numeric, tags text[], s STRUCT<a INT64, b ARRAY<STRING>>,
              parent int REFERENCES unversioned (id));
            CREATE VIEW v AS SELECT 1;
            SELECT;
            CREATE TABLE floating (id double precision PRIMARY KEY, version int NOT NULL);
            CREATE TABLE "mirror_x" (id int PRIMARY KEY, updated_at timestamp);
            """,
            DdlDialect.POSTGRESQL);

    assertThat(spec)
        .contains(
            "columns: { cast: { \"n\": \"decimal(38, 10)\", tags: string, s: string } }",
            "- name: table_mirror_x");
    assertThat(notes)
        .contains(
            "line 5: \"CREATE VIEW v AS …\" is no CREATE TABLE with columns and is left out",
            "public.keyless: left out, since it has no primary key",
            "public.unversioned: left out, since no column says when a row changed: add one, such as"
                + " updated_at or version, or a table of changes",
            "public.floating: left out, since its key column id is a floating-point number",
            "public.odd: the foreign key (parent) is left out: it refers to public.unversioned, which"
                + " is not mirrored",
            "public.mirror_x: rows whose updated_at is NULL are never read: declare it NOT NULL",
            "public.mirror_x: is called table_mirror_x in the lake, which takes no such name")
        .anyMatch(note -> note.startsWith("line 6: \"SELECT …\" is not understood"))
        .anyMatch(note -> note.startsWith("public.odd.n: its type numeric has no counterpart"));
  }

  @Test
  void a_table_of_changes_takes_the_key_of_its_table() {
    String spec =
        spec(
            """
            CREATE TABLE regions (id int PRIMARY KEY, country int);
            CREATE TABLE regions_changes (_change_id bigserial PRIMARY KEY, _change_request_type varchar(10),
              _commit_version bigint NOT NULL, _commit_timestamp timestamptz NOT NULL, id int NOT NULL, country int);
            """,
            DdlDialect.POSTGRESQL);

    assertThat(spec)
        .endsWith(
            """
            tables:
              - name: regions
                source: public.regions_changes
                feed: change-table
                primary-key: [id]
                version: [_commit_version]
                timestamp: _commit_timestamp
                cursor: _change_id
                columns: { exclude: [_change_id, _commit_timestamp] }
            """);
    assertThat(notes)
        .containsExactly(
            "public.regions: rows from before the first change are not read: add snapshot: once it"
                + " has _commit_version as public.regions_changes has");
  }

  @Test
  void a_table_that_has_what_is_stored_of_its_changes_is_read_before_them() {
    String spec =
        spec(
            """
            CREATE TABLE regions (id int PRIMARY KEY, name text, tags text[], version bigint NOT NULL, area int);
            CREATE TABLE regions_changes (_change_id bigserial PRIMARY KEY, "_CHANGE_REQUEST_TYPE" varchar(1),
              version bigint NOT NULL, id int NOT NULL, name text, tags text[]);
            """,
            DdlDialect.POSTGRESQL);

    assertThat(spec)
        .endsWith(
            """
            tables:
              - name: regions
                source: public.regions_changes
                feed: change-table
                primary-key: [id]
                version: [version]
                operation: _CHANGE_REQUEST_TYPE
                cursor: _change_id
                snapshot: public.regions
                columns: { exclude: [_change_id], cast: { tags: string } }
            """);
  }

  @Test
  void what_a_table_lacks_to_be_read_before_its_changes_is_noted() {
    spec(
        """
        CREATE TABLE unversioned (id int PRIMARY KEY, name text);
        CREATE TABLE unversioned_changes (seq bigserial PRIMARY KEY, _change_request_type text, id int, name text);
        CREATE TABLE other (id int PRIMARY KEY, name text, version int);
        CREATE TABLE other_log (seq bigserial PRIMARY KEY, _change_request_type text, id bigint, size int,
          name text, version int);
        CREATE TABLE flags (flag boolean PRIMARY KEY, version int);
        CREATE TABLE flags_cdc (seq bigserial PRIMARY KEY, _change_request_type text, flag boolean, version int);
        CREATE TABLE loose (id int, version int);
        CREATE TABLE loose_cdc (seq bigserial PRIMARY KEY, _change_request_type text, id int, version int);
        ALTER TABLE loose ADD CONSTRAINT pk PRIMARY KEY (id);
        """,
        DdlDialect.POSTGRESQL);

    String unread = ": rows from before the first change are not read: ";
    assertThat(notes)
        .containsExactlyInAnyOrder(
            "public.unversioned"
                + unread
                + "add version: and snapshot: once both tables have a column that says which row is"
                + " newer",
            "public.other" + unread + "add snapshot: once it has id, size as public.other_log has",
            "public.flags"
                + unread
                + "no snapshot: can be read in the order of its key column flag",
            "public.loose" + unread + "add snapshot: once its key column id is NOT NULL");
  }

  @Test
  void of_two_tables_with_the_changes_of_one_the_second_is_noted() {
    Imported imported =
        SpecDraft.of(
            DdlModel.read(
                """
                CREATE TABLE regions (id int PRIMARY KEY, country int);
                CREATE TABLE regions_cdc (_change_id bigserial PRIMARY KEY, _change_request_type varchar(10),
                  _commit_version bigint NOT NULL, id int NOT NULL, country int);
                CREATE TABLE regions_changes (_change_id bigserial PRIMARY KEY, _change_request_type varchar(10),
                  _commit_version bigint NOT NULL, id int NOT NULL, country int);
                """,
                DdlDialect.POSTGRESQL,
                "public",
                notes),
            SpecDraft.Feeding.of(SourceType.JDBC),
            notes);

    assertThat(imported.tables())
        .extracting(TableSpec::source)
        .containsExactly("public.regions_cdc");
    assertThat(imported.notes())
        .contains(
            "public.regions_changes: left out, since public.regions_cdc has the changes of the same"
                + " table");
  }

  @Test
  void a_schema_describes_one_of_two_tables_that_are_called_alike() {
    Imported base =
        SpecDraft.of(
            DdlModel.read(
                """
                CREATE TABLE archive.orders (id int PRIMARY KEY, version bigint NOT NULL);
                CREATE TABLE sales.orders (id int PRIMARY KEY, version bigint NOT NULL);
                """,
                DdlDialect.POSTGRESQL,
                "public",
                notes),
            SpecDraft.Feeding.of(SourceType.JDBC),
            notes);
    assertThat(base.tables()).hasSize(2);
    DescribedSchema schema = new DescribedSchema("orders");
    schema.primaryKey(List.of("id"));
    schema.version(List.of("version"));

    Imported imported = DescribedModel.over(base, Map.of("orders", schema));

    assertThat(imported.tables())
        .extracting(TableSpec::source)
        .containsExactlyInAnyOrder("archive.orders", "sales.orders");
    assertThat(imported.notes())
        .anyMatch(note -> note.contains("orders does not describe it, since it describes "));
  }

  @Test
  void a_warehouse_with_a_feed_of_its_own_needs_no_version() {
    String head =
        """
        mirror: m
        source: { type: snowflake, url: "jdbc:snowflake://acme.snowflakecomputing.com", user: "${env:U}" }
        lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: m }
        """;
    Imported imported =
        SpecDraft.of(
            DdlModel.read(
                """
                CREATE TABLE customers (id NUMBER(10, 0) PRIMARY KEY, name VARCHAR);
                CREATE TABLE orders (id NUMBER(10, 0) PRIMARY KEY, customer NUMBER(10, 0) REFERENCES customers);
                """,
                DdlDialect.SNOWFLAKE,
                "PUBLIC",
                notes),
            SpecDraft.Feeding.of(SourceType.SNOWFLAKE),
            notes);

    String text = SpecText.of(SpecReader.readHead("head", head, Map.of()), imported.tables());

    assertThat(text)
        .endsWith(
            """
            tables:
              - name: customers
                source: PUBLIC.CUSTOMERS
                feed: native
                primary-key: [ID]
              - name: orders
                source: PUBLIC.ORDERS
                feed: native
                primary-key: [ID]
                relationships:
                  - { column: CUSTOMER, references: customers.ID, cardinality: "M:0" }
            """);
    assertThat(SpecReader.read(text).tables().stream().map(TableModelTest::withoutLine))
        .containsExactlyElementsOf(imported.tables());
  }

  private String spec(String ddl, DdlDialect dialect) {
    String schema = dialect.stored("public");
    List<String> found = new ArrayList<>();
    Imported imported =
        SpecDraft.of(
            DdlModel.read(ddl, dialect, schema, found), SpecDraft.Feeding.BY_COLUMN, found);
    notes.addAll(imported.notes());
    String text = SpecText.of(SpecReader.readHead("head", HEAD, Map.of()), imported.tables());
    assertThat(SpecReader.read(text).tables().stream().map(TableModelTest::withoutLine))
        .containsExactlyElementsOf(imported.tables());
    return text;
  }
}
