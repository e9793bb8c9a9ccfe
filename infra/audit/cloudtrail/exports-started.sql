-- Every way in which a table as a whole can be copied: exports, backups, restores, streams, replicas. For an export that
-- the function export-audit started, the entry that tells of it.
-- Parameters: first day, last day.
-- Clean: only ExportTableToPointInTime by ExportAuditFunction, each that did not fail with an entry, none of Patients or
-- ContentKeys.
SELECT
  v.event_time,
  v.event_name,
  v.caller,
  v.identity_arn,
  coalesce(json_extract_scalar(v.request, '$.tableArn'), json_extract_scalar(v.request, '$.tableName'), v.resource_arns)
    AS of_table,
  json_extract_scalar(v.request, '$.s3Bucket') AS to_bucket,
  json_extract_scalar(v.response, '$.exportDescription.exportArn') AS export_arn,
  e.chain,
  e.place,
  e.actor,
  v.error_code,
  v.event_id
FROM events v
LEFT JOIN entries e
  ON e.action = 'audit.exported'
  AND strpos(e.details, json_extract_scalar(v.response, '$.exportDescription.exportArn')) > 0
WHERE v.day BETWEEN ? AND ?
  AND v.event_source = 'dynamodb.amazonaws.com'
  AND v.event_category = 'Management'
  AND (
    v.event_name IN (
      'ExportTableToPointInTime', 'CreateBackup', 'RestoreTableFromBackup', 'RestoreTableToPointInTime',
      'EnableKinesisStreamingDestination', 'CreateGlobalTable', 'UpdateGlobalTable'
    )
    OR (v.event_name = 'UpdateTable' AND regexp_like(v.request, 'streamSpecification|replicaUpdates'))
  )
ORDER BY v.event_time
