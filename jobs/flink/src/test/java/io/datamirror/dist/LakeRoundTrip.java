package io.datamirror.dist;

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * Writes two rows into a new lake and prints them: what needs Flink, its planner, Iceberg, Hadoop
 * and the catalog's driver together. Started in a process of its own, with the run directory as its
 * class path. Expects one argument, an empty directory.
 */
final class LakeRoundTrip {
  private LakeRoundTrip() {}

  public static void main(String[] arguments) throws Exception {
    TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    tables.executeSql(
        """
        CREATE CATALOG lake WITH (
          'type' = 'iceberg',
          'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
          'jdbc.schema-version' = 'V1',
          'uri' = 'jdbc:sqlite:%1$s/catalog.db',
          'warehouse' = '%1$s')
        """
            .formatted(arguments[0]));
    tables.executeSql("CREATE DATABASE lake.house");
    tables.executeSql("CREATE TABLE lake.house.pairs (id BIGINT, name STRING)");
    tables.executeSql("INSERT INTO lake.house.pairs VALUES (1, 'one'), (2, 'two')").await();
    tables.executeSql("SELECT name, id FROM lake.house.pairs ORDER BY id").print();
  }
}
