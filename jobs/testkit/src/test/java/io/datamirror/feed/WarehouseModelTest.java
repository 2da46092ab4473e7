package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.databricks.DatabricksStandin;
import io.datamirror.error.MirrorException;
import io.datamirror.model.ForeignKey;
import io.datamirror.model.Imported;
import io.datamirror.model.SpecDraft;
import io.datamirror.model.SpecDraft.Feeding;
import io.datamirror.model.TableModel;
import io.datamirror.spec.Cardinality;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Warehouses with a feed of their own say what they hold, in the words of that feed. */
class WarehouseModelTest {

  @Test
  void a_snowflake_tells_its_tables_keys_and_foreign_keys() throws Exception {
    try (SnowflakeTables snowflake = new SnowflakeTables()) {
      fill(snowflake.server.tables(), "NUMBER(9,0)", "VARCHAR(16777216)");

      assertShop(snowflake.connection(), SourceType.SNOWFLAKE, "SCH", "DB.SCH.");
      assertThat(SourceModel.read(snowflake.connection(), SourceType.SNOWFLAKE, null)).hasSize(3);
      assertThat(snowflake.server.unknown()).isEmpty();
    }
  }

  @Test
  void a_bigquery_tells_its_tables_keys_and_foreign_keys() throws Exception {
    try (BigQueryTables bigquery = new BigQueryTables()) {
      fill(bigquery.service.tables(), "INT64", "STRING");

      assertShop(bigquery.connection(), SourceType.BIGQUERY, "d", "p.d.");
      assertThatThrownBy(() -> SourceModel.read(bigquery.connection(), SourceType.BIGQUERY, null))
          .isInstanceOf(MirrorException.class)
          .hasMessage(
              "MIRROR-1016 --schema: BigQuery lists its tables dataset by dataset. Name the"
                  + " dataset: --schema DATASET.");
    }
  }

  @Test
  void a_databricks_tells_its_tables_and_keys() throws Exception {
    try (Delta delta = new Delta("discovered")) {
      Delta.standin()
          .run(
              "CREATE TABLE "
                  + delta.name("orders")
                  + " (id INT NOT NULL, part STRING) USING delta"
                  + " TBLPROPERTIES (delta.enableChangeDataFeed = true)",
              "ALTER TABLE " + delta.name("orders") + " ADD CONSTRAINT key PRIMARY KEY (id)");

      Imported imported = draft(delta.connection(), SourceType.DATABRICKS, "discovered");

      assertThat(imported.notes()).isEmpty();
      TableSpec orders = imported.tables().get(0);
      assertThat(imported.tables()).hasSize(1);
      assertThat(orders.source()).isEqualTo(DatabricksStandin.CATALOG + ".discovered.orders");
      assertThat(orders.feed()).isEqualTo(FeedKind.NATIVE);
      assertThat(orders.primaryKey()).containsExactly("id");
    }
  }

  private static void fill(VersionedTables tables, String number, String text) throws SQLException {
    Column id = new Column("id", number, "BIGINT", false);
    Column part = new Column("part", text, "VARCHAR", false);
    VersionedTable parts = tables.create("parts", List.of(id, part), List.of("id", "part"));
    Column of = new Column("of", number, "BIGINT", false);
    Column item = new Column("item", text, "VARCHAR", true);
    VersionedTable lines = tables.create("lines", List.of(id, of, item), List.of("id"));
    lines.references(List.of("of", "item"), parts);
    tables.create("keyless", List.of(id), List.of());
  }

  private static void assertShop(
      Connection connection, SourceType type, String schema, String prefix) throws SQLException {
    List<TableModel> models = SourceModel.read(connection, type, schema);
    Imported imported = draft(connection, type, schema);

    assertThat(models)
        .flatExtracting(TableModel::foreignKeys)
        .extracting(ForeignKey::columns)
        .containsExactly(List.of("of", "item"));
    assertThat(imported.notes())
        .containsExactly(prefix + "keyless: left out, since it has no primary key");
    assertThat(imported.tables())
        .extracting(TableSpec::source)
        .containsExactly(prefix + "parts", prefix + "lines");
    TableSpec lines = imported.tables().get(1);
    assertThat(lines.feed()).isEqualTo(FeedKind.NATIVE);
    assertThat(lines.primaryKey()).containsExactly("id");
    assertThat(lines.relationships()).hasToString("[of, item to parts.id, part]");
    assertThat(lines.relationships().get(0).cardinality()).isEqualTo(Cardinality.MANY_TO_ZERO);
  }

  private static Imported draft(Connection connection, SourceType type, String schema)
      throws SQLException {
    return SpecDraft.of(SourceModel.read(connection, type, schema), Feeding.of(type), List.of());
  }
}
