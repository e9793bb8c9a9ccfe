-- Every access to an item of the tables, or to an object of the auditors' buckets or of the attachments, that was not made
-- by a function of ours under its own role, or with an address or form that one signed: from the console, by a person, by
-- a role of another kind, by AWS itself.
-- Parameters: first day, last day, and both once more.
-- Clean: no item. Objects: the auditors' own reads, and what DynamoDB writes below tables/ in Exports.
SELECT event_time, operation, table_name AS store, pk || ' ' || sk AS what, identity_arn, invoked_by, source_address,
  user_agent, error_code, event_id
FROM item_accesses
WHERE day BETWEEN ? AND ?
  AND caller IS NULL
UNION ALL
SELECT e.event_time, e.event_name AS operation, json_extract_scalar(e.request, '$.bucketName') AS store,
  json_extract_scalar(e.request, '$.key') AS what, e.identity_arn, e.invoked_by, e.source_address, e.user_agent,
  e.error_code, e.event_id
FROM events e
WHERE e.day BETWEEN ? AND ?
  AND e.event_source = 's3.amazonaws.com'
  AND e.event_category = 'Data'
  AND e.caller IS NULL
ORDER BY event_time
