-- Writes to any table that no audit entry went with, by caller, table and kind of key.
-- Parameters: first day, last day, and both once more.
-- Clean: only what cloudtrail.md lists under "Written without an entry".
WITH calls AS (
  SELECT event_id, bool_or(table_name = 'Audit' AND operation = 'Put' AND sk <> 'head') AS with_entry
  FROM item_accesses
  WHERE day BETWEEN ? AND ?
  GROUP BY event_id
)
SELECT
  coalesce(i.caller, i.identity_arn) AS written_by,
  i.operation,
  i.table_name,
  regexp_replace(coalesce(i.sk, i.pk), '[#_].*$', '') AS kind,
  count(*) AS writes,
  min(i.event_time) AS first_time,
  max(i.event_time) AS last_time
FROM item_accesses i
JOIN calls c ON c.event_id = i.event_id
WHERE i.day BETWEEN ? AND ?
  AND NOT c.with_entry
  AND i.error_code IS NULL
  AND i.operation IN (
    'Put', 'Update', 'Delete', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ExecuteStatement',
    'BatchExecuteStatement'
  )
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
