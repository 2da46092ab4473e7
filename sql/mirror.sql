-- Mirrors a table with SQL in between. Needs: scripts/mirror demo --keep /tmp/mirror-demo
--
-- For mirroring without SQL in between, "scripts/mirror run" does more: it restarts from the lake
-- alone, writes fewer deletes, keeps a ledger, and labels every snapshot with its position.
SET 'execution.checkpointing.interval' = '5 s';
SET 'table.dml-sync' = 'true';
SET 'sql-client.execution.result-mode' = 'tableau';

-- The resolved changes of one table: per key, the greatest version wins in any order of arrival.
CREATE TEMPORARY TABLE regions (
  id INT,
  code STRING,
  name STRING,
  continent STRING,
  iso_country STRING,
  version STRING METADATA VIRTUAL,
  PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'data-mirror',
  'url' = 'jdbc:h2:file:/tmp/mirror-demo/warehouse;AUTO_SERVER=TRUE',
  'user' = 'demo',                                   -- a password: 'password' = '${env:WAREHOUSE_PASSWORD}'
  'source' = 'PUBLIC.REGIONS_CHANGES',
  'feed' = 'change-table',
  'version' = '_commit_version',
  'timestamp' = '_commit_timestamp',
  'cursor' = '_change_id',
  'settle' = '0s',
  'deletes' = 'row',                                   -- Iceberg deletes by key: no memory of rows
  'until' = 'now'                                      -- without it, the query goes on and on
);

CREATE CATALOG `data-mirror` WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:sqlite:/tmp/mirror-demo/lake/catalog.db?busy_timeout=30000&journal_mode=WAL',
  'warehouse' = 'file:///tmp/mirror-demo/lake',
  'jdbc.schema-version' = 'V1');
CREATE DATABASE IF NOT EXISTS `data-mirror`.airports_sql;

-- 'write.upsert.enabled' makes the sink take upserts by the primary key.
CREATE TABLE IF NOT EXISTS `data-mirror`.airports_sql.regions (
  id INT,
  label STRING,
  continent STRING,
  source_version BIGINT,
  PRIMARY KEY (id) NOT ENFORCED
) WITH ('format-version' = '2', 'write.upsert.enabled' = 'true');

INSERT INTO `data-mirror`.airports_sql.regions
SELECT
  id,
  CONCAT(iso_country, ': ', name),
  CASE continent WHEN 'NA' THEN 'North America' WHEN 'EU' THEN 'Europe' ELSE continent END,
  CAST(version AS BIGINT)
FROM regions;

SET 'execution.runtime-mode' = 'batch';
SELECT continent, COUNT(*) AS regions, MAX(source_version) > 0 AS versioned
FROM `data-mirror`.airports_sql.regions GROUP BY continent ORDER BY continent;
