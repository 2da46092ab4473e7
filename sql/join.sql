-- Joins tables over their relationships. Needs: scripts/mirror demo --keep /tmp/mirror-demo
SET 'execution.checkpointing.interval' = '5 s';
SET 'table.dml-sync' = 'true';
SET 'sql-client.execution.result-mode' = 'tableau';

CREATE TEMPORARY TABLE regions (
  id INT, name STRING, iso_country STRING, PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'data-mirror',
  'url' = 'jdbc:h2:file:/tmp/mirror-demo/warehouse;AUTO_SERVER=TRUE',
  'user' = 'demo',
  'source' = 'PUBLIC.REGIONS_CHANGES',
  'feed' = 'change-table',
  'version' = '_commit_version',
  'cursor' = '_change_id',
  'settle' = '0s',
  'until' = 'now'
);

CREATE TEMPORARY TABLE countries (
  id INT, code STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'data-mirror',
  'url' = 'jdbc:h2:file:/tmp/mirror-demo/warehouse;AUTO_SERVER=TRUE',
  'user' = 'demo',
  'source' = 'PUBLIC.COUNTRIES_CHANGES',
  'feed' = 'change-table',
  'version' = '_commit_version',
  'cursor' = '_change_id',
  'settle' = '0s',
  'until' = 'now'
);

CREATE CATALOG `data-mirror` WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:sqlite:/tmp/mirror-demo/lake/catalog.db?busy_timeout=30000&journal_mode=WAL',
  'warehouse' = 'file:///tmp/mirror-demo/lake',
  'jdbc.schema-version' = 'V1');
CREATE DATABASE IF NOT EXISTS `data-mirror`.airports_sql;
CREATE TABLE IF NOT EXISTS `data-mirror`.airports_sql.region_countries (
  id INT, country_id INT, region STRING, country STRING,
  PRIMARY KEY (id, country_id) NOT ENFORCED
) WITH ('format-version' = '2', 'write.upsert.enabled' = 'true');

-- Live: whichever side changes, the joined row follows. A region whose country has not come yet is
-- there as soon as it comes; one whose country goes, goes. That a region has one country only, Flink
-- cannot know: the last clause lets it keep what it needs to take the right row back.
INSERT INTO `data-mirror`.airports_sql.region_countries
SELECT r.id, c.id, r.name, c.name
FROM regions AS r JOIN countries AS c ON r.iso_country = c.code
ON CONFLICT DO DEDUPLICATE;

-- At rest: the same join over the tables of the lake, where relationships are checked in a moment.
SET 'execution.runtime-mode' = 'batch';
SELECT c.name AS country, COUNT(*) AS regions
FROM `data-mirror`.airports.regions AS r
JOIN `data-mirror`.airports.countries AS c ON r.iso_country = c.code
GROUP BY c.name ORDER BY regions DESC, country LIMIT 3;

SELECT 'without a country' AS regions, COUNT(*) AS found
FROM `data-mirror`.airports.regions AS r
LEFT JOIN `data-mirror`.airports.countries AS c ON r.iso_country = c.code
WHERE c.code IS NULL;

SELECT 'live and at rest differ in' AS regions, COUNT(*) AS found
FROM (
  SELECT r.id, r.name AS region, c.name AS country
  FROM `data-mirror`.airports.regions AS r
  JOIN `data-mirror`.airports.countries AS c ON r.iso_country = c.code
) AS rest
FULL JOIN `data-mirror`.airports_sql.region_countries AS live ON live.id = rest.id
WHERE live.region IS DISTINCT FROM rest.region OR live.country IS DISTINCT FROM rest.country;
