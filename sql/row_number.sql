-- The newest row of every key, written by hand and by data-mirror, over the same changes.
-- Needs: PostgreSQL with a table orders_changes (change_id BIGINT, op TEXT, id BIGINT,
-- version BIGINT, amount NUMERIC(10, 2)).
SET 'execution.runtime-mode' = 'batch';
SET 'sql-client.execution.result-mode' = 'tableau';

CREATE TEMPORARY TABLE orders_changes (
  op STRING, id BIGINT, version BIGINT, amount DECIMAL(10, 2)
) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://localhost:5432/shop',
  'username' = 'postgres',
  'password' = 'postgres',                 -- in clear text: this connector knows no references
  'table-name' = 'orders_changes'
);

-- By hand. The tie of version and operation has to be remembered: without the second sort key, a
-- delete that bears its row's last version is lost, now and then.
CREATE TEMPORARY VIEW orders_by_hand AS
SELECT id, amount
FROM (
  SELECT *, ROW_NUMBER() OVER (
    PARTITION BY id ORDER BY version DESC, CASE op WHEN 'd' THEN 0 ELSE 1 END) AS age
  FROM orders_changes
) WHERE age = 1 AND op <> 'd';

CREATE TEMPORARY TABLE orders (
  id BIGINT, amount DECIMAL(10, 2), PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'data-mirror',
  'url' = 'jdbc:postgresql://localhost:5432/shop',
  'user' = 'postgres',
  -- 'password' = '${env:PGPASSWORD}',    -- where the server asks for one
  'source' = 'public.orders_changes',
  'feed' = 'change-table',
  'version' = 'version',
  'operation' = 'op',
  'cursor' = 'change_id',
  'settle' = '0s'
);

-- At rest, the two agree.
SELECT COUNT(*) AS orders, SUM(amount) AS amount FROM orders;
SELECT 'differ in' AS verdict, COUNT(*) AS orders
FROM orders AS mirror FULL JOIN orders_by_hand AS hand ON mirror.id = hand.id
WHERE mirror.amount IS DISTINCT FROM hand.amount OR mirror.id IS NULL OR hand.id IS NULL;

-- What the form by hand cannot do:
--  * Go on. The JDBC connector reads a table once; nothing finds what was written since, let alone
--    up to a moment before which no transaction is open any more.
--  * Keep its state small. As a stream, ROW_NUMBER remembers the whole row of every key, and with a
--    state TTL it forgets deletes too, so that an old row comes back.
--  * Say what it did not do. A key or version that is NULL sorts somewhere; a value that does not fit
--    fails the job or is lost; none of it is counted.
--  * Break a tie of two equal upserts the same way at every parallelism and after every restart.
--  * Tell up to where it is complete: there is no position, and none in the table that it fills.
