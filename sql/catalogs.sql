-- The lake of a mirror as a catalog. Needs: scripts/mirror demo --keep /tmp/mirror-demo
SET 'execution.runtime-mode' = 'batch';
SET 'sql-client.execution.result-mode' = 'tableau';

-- The name matters: the rows of a JDBC catalog belong to the name that it was opened under, and
-- mirrors open theirs as data-mirror. For a lake behind another catalog, write its type instead:
-- 'catalog-type' = 'rest', 'uri' = 'http://…' (but 'catalog-impl' for jdbc, which has no short name).
CREATE CATALOG `data-mirror` WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:sqlite:/tmp/mirror-demo/lake/catalog.db?busy_timeout=30000&journal_mode=WAL',
  'warehouse' = 'file:///tmp/mirror-demo/lake',
  'jdbc.schema-version' = 'V1');

USE CATALOG `data-mirror`;
USE airports;

-- The mirrored tables, and the mirror's own: the ledger, the tombstones, and what refers to what.
SHOW TABLES;

SELECT continent, COUNT(*) AS regions FROM regions GROUP BY continent ORDER BY continent;
