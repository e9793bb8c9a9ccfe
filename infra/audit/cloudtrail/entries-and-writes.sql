-- The join: each audit entry with the call that wrote it. An entry stands under (chain, place) and CloudTrail prints the
-- keys of a write, so the two meet without a request id.
-- Parameters: first and last day of files to read, first and last day to look at. Files a day wider on each side: a call
-- before midnight may be in a file of the day after. Days after the newest export have calls and no entries yet.
-- Clean: no row. `writes` 0: the trail does not know of the entry. More than 1: written twice, which the table refuses
-- except for a request that the SDK repeated (same caller, within seconds). Another function: `callers` is not the
-- function that the entry names.
WITH writes AS (
  SELECT pk, sk, coalesce(caller, identity_arn) AS caller, event_time
  FROM item_accesses
  WHERE day BETWEEN ? AND ?
    AND table_name = 'Audit'
    AND operation IN ('Put', 'PutItem', 'Update', 'UpdateItem', 'Delete', 'DeleteItem')
    AND sk <> 'head'
    AND error_code IS NULL
)
SELECT
  coalesce(e.chain, w.pk) AS chain,
  coalesce(e.place, w.sk) AS place,
  e.entry_time,
  e.action,
  e.actor,
  e.function_name,
  e.request_id,
  count(w.event_time) AS writes,
  array_join(array_agg(DISTINCT w.caller), ' ') AS callers,
  min(w.event_time) AS first_write
FROM entries e
FULL OUTER JOIN writes w ON w.pk = e.chain AND w.sk = e.place
WHERE replace(substr(coalesce(e.entry_time, w.event_time), 1, 10), '-', '/') BETWEEN ? AND ?
GROUP BY 1, 2, 3, 4, 5, 6, 7
HAVING count(w.event_time) <> 1
  OR e.function_name IS NULL
  OR lower(max(w.caller)) <> replace(e.function_name, '-', '') || 'function'
ORDER BY 1, 2
