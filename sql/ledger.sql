-- Looks at a mirror: its ledger, positions and lag. Needs: scripts/mirror demo --keep /tmp/mirror-demo
SET 'execution.runtime-mode' = 'batch';
SET 'sql-client.execution.result-mode' = 'tableau';
SET 'table.local-time-zone' = 'UTC';

CREATE CATALOG `data-mirror` WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:sqlite:/tmp/mirror-demo/lake/catalog.db?busy_timeout=30000&journal_mode=WAL',
  'warehouse' = 'file:///tmp/mirror-demo/lake',
  'jdbc.schema-version' = 'V1');
USE CATALOG `data-mirror`;
USE airports;

-- Changes that were not applied, and why. Each stands here once.
SELECT table_name, reason, COUNT(*) AS entries, MAX(`time`) AS newest
FROM mirror_ledger GROUP BY table_name, reason ORDER BY table_name, reason;

-- Every commit of a mirror tells in its snapshot's summary what it did and up to where the table is
-- complete. One view for the tables that are looked at, without commits that were rolled back. What a
-- summary does not say may come as an empty text, not as NULL: so its keys are asked for.
CREATE TEMPORARY VIEW commits AS
SELECT 'countries' AS table_name, committed_at, summary FROM `countries$snapshots`
WHERE snapshot_id IN (SELECT snapshot_id FROM `countries$history` WHERE is_current_ancestor)
UNION ALL
SELECT 'regions', committed_at, summary FROM `regions$snapshots`
WHERE snapshot_id IN (SELECT snapshot_id FROM `regions$history` WHERE is_current_ancestor)
UNION ALL
SELECT 'navaids', committed_at, summary FROM `navaids$snapshots`
WHERE snapshot_id IN (SELECT snapshot_id FROM `navaids$history` WHERE is_current_ancestor);

CREATE TEMPORARY VIEW epochs AS
SELECT
  table_name,
  committed_at,
  CAST(summary['data-mirror.epoch'] AS BIGINT) AS epoch,
  CASE WHEN ARRAY_CONTAINS(MAP_KEYS(summary), 'data-mirror.position')
    THEN summary['data-mirror.position'] END AS `position`,
  TO_TIMESTAMP_LTZ(CAST(summary['data-mirror.watermark'] AS BIGINT), 3) AS `watermark`,
  CAST(summary['data-mirror.upserts'] AS BIGINT) AS upserts,
  CAST(summary['data-mirror.deletes'] AS BIGINT) AS deletes,
  CAST(summary['data-mirror.superseded'] AS BIGINT) AS superseded,
  CAST(summary['data-mirror.no-op'] AS BIGINT) AS no_ops,
  CAST(summary['data-mirror.late'] AS BIGINT) AS late,
  CAST(summary['data-mirror.rejected'] AS BIGINT) AS rejected
FROM commits
WHERE ARRAY_CONTAINS(MAP_KEYS(summary), 'data-mirror.upserts');

-- What was done, table by table.
SELECT table_name, COUNT(*) AS commits, SUM(upserts) AS upserts, SUM(deletes) AS deletes,
  SUM(superseded) AS superseded, SUM(no_ops) AS no_ops, SUM(late + rejected) AS in_ledger
FROM epochs GROUP BY table_name ORDER BY table_name;

-- The newest position of each table, and how far what readers see is behind the clock. For the lag
-- behind the source itself, which only the source can tell: scripts/mirror status --spec F
CREATE TEMPORARY VIEW positions AS
SELECT table_name, epoch, `position`, `watermark`, committed_at,
  TIMESTAMPDIFF(SECOND, `watermark`, CURRENT_TIMESTAMP) AS lag_seconds
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY epoch DESC) AS age
  FROM epochs WHERE `position` IS NOT NULL
) WHERE age = 1;

SELECT table_name, `position`, `watermark`, lag_seconds >= 0 AS behind
FROM positions ORDER BY table_name;

-- How many rows each table has: NULL if the commits that say it have expired. The totals of the files
-- tell it only until somebody compacts them, and whoever does need not say how many rows there are.
CREATE TEMPORARY VIEW row_counts AS
SELECT table_name, CAST(summary['data-mirror.rows'] AS BIGINT) AS row_count
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY committed_at DESC) AS age
  FROM commits WHERE ARRAY_CONTAINS(MAP_KEYS(summary), 'data-mirror.rows')
) WHERE age = 1;

-- What reading costs: equality deletes that have to be applied, and files to open.
SELECT newest.table_name, row_count,
  CAST(summary['total-equality-deletes'] AS BIGINT) AS equality_deletes,
  CAST(summary['total-data-files'] AS BIGINT) AS data_files
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY committed_at DESC) AS age FROM commits
) AS newest
LEFT JOIN row_counts ON row_counts.table_name = newest.table_name
WHERE age = 1 ORDER BY table_name;
