-- Everything that was deleted, or was to be: items, objects and their versions, keys, tables, backups, logs.
-- Parameters: first day, last day, and both once more.
-- Clean: items only of Messages by PortalFunction (a session that was ended) and of Patients by PatientsFunction (a
-- number that is no longer the patient's). Nothing of Audit, no object, no key.
SELECT event_time, operation, table_name AS store, pk || ' ' || sk AS what, caller, identity_arn, source_address,
  error_code, event_id
FROM item_accesses
WHERE day BETWEEN ? AND ?
  AND operation IN ('Delete', 'DeleteItem', 'BatchWriteItem', 'ExecuteStatement', 'BatchExecuteStatement')
UNION ALL
SELECT event_time, event_name AS operation, resource_arns AS store, request AS what, caller, identity_arn,
  source_address, error_code, event_id
FROM events
WHERE day BETWEEN ? AND ?
  AND regexp_like(event_name, '^(Delete|ScheduleKeyDeletion|Purge|RestoreTable|Lifecycle)')
  AND event_source IN (
    's3.amazonaws.com', 'kms.amazonaws.com', 'dynamodb.amazonaws.com', 'logs.amazonaws.com', 'sqs.amazonaws.com',
    'backup.amazonaws.com', 'cloudtrail.amazonaws.com'
  )
  AND event_name NOT IN ('DeleteItem')
  -- The queues' consumers take what they have worked on off the queue.
  AND event_name NOT LIKE 'DeleteMessage%'
ORDER BY event_time
