-- Who read or wrote what of one patient, by which role, in which table. Calls that name no item are found by the id in
-- their request.
-- Parameters: first day, last day, patient's id, and the id once more.
-- Clean: each caller is a function of ours, and for what opened content content-opened.sql finds an entry.
SELECT event_time, operation, table_name, pk, sk, caller, identity_arn, source_address, error_code, event_id
FROM item_accesses
WHERE day BETWEEN ? AND ?
  AND (pk = ? OR strpos(request, ?) > 0)
ORDER BY event_time, event_id, table_name, sk
