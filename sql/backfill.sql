-- Loads the past in batch with Flink's JDBC connector, which reads a large table in parallel parts.
-- Needs: PostgreSQL with a table orders (id BIGINT, customer TEXT, amount NUMERIC(10, 2)), and the
-- jars flink-connector-jdbc-core and -postgres, which "scripts/mirror cluster start" has.
SET 'execution.runtime-mode' = 'batch';
SET 'table.dml-sync' = 'true';
SET 'sql-client.execution.result-mode' = 'tableau';

CREATE TEMPORARY TABLE orders_now (
  id BIGINT, customer STRING, amount DECIMAL(10, 2)
) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://localhost:5432/shop',
  'username' = 'postgres',
  'password' = 'postgres',                 -- in clear text: this connector knows no references
  'table-name' = 'orders',
  'scan.partition.column' = 'id',
  'scan.partition.num' = '4',
  'scan.partition.lower-bound' = '1',
  'scan.partition.upper-bound' = '1000'
);

CREATE CATALOG `data-mirror` WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:sqlite:/tmp/mirror-demo/lake/catalog.db?busy_timeout=30000&journal_mode=WAL',
  'warehouse' = 'file:///tmp/mirror-demo/lake',
  'jdbc.schema-version' = 'V1');
CREATE DATABASE IF NOT EXISTS `data-mirror`.shop;
CREATE TABLE IF NOT EXISTS `data-mirror`.shop.orders (
  id BIGINT, customer STRING, amount DECIMAL(10, 2), PRIMARY KEY (id) NOT ENFORCED
) WITH ('format-version' = '2', 'write.upsert.enabled' = 'true');

-- Into an empty table, appending is right and much cheaper: no delete is written for any row.
INSERT INTO `data-mirror`.shop.orders /*+ OPTIONS('upsert-enabled' = 'false') */
SELECT id, TRIM(customer), amount FROM orders_now;

SELECT COUNT(*) AS orders, SUM(amount) AS amount FROM `data-mirror`.shop.orders;

-- What is missing here: this is the past at no known moment. Changes that commit while it is read may
-- or may not be in it, and which of them to apply afterwards nobody can say. A mirror that is to go
-- on reads the base table itself, with 'snapshot' = 'public.orders' beside its table of changes.
