-- Data keys of content that were opened by anybody but the content plane, or by it without an entry that says so. An
-- entry thread.read lists what it opens before anything is opened: messages, notes and the files whose names it shows;
-- attachments.listed and attachment.opened name files of which names alone are shown. KMS prints the id of what a key was
-- made for, and for a file's name that is the attachment's.
-- What is in a file lies under keys of the bucket, of which KMS tells nothing but the bucket: there the query asks only
-- who it was. Which file was read, and by whom, is among the accesses to objects (events, s3.amazonaws.com).
-- Parameters: first day, last day.
-- Clean: no row. ReEncrypt and CreateGrant are rows whoever asked: nobody of ours does.
WITH read AS (
  SELECT e.chain, e.place, e.entry_time, e.function_name, json_extract_scalar(i.id, '$.S') AS opened_id
  FROM entries e
  CROSS JOIN UNNEST(
    coalesce(TRY_CAST(json_extract(e.details, '$.messageIds.L') AS ARRAY(JSON)), ARRAY[])
      || coalesce(TRY_CAST(json_extract(e.details, '$.noteIds.L') AS ARRAY(JSON)), ARRAY[])
      || coalesce(TRY_CAST(json_extract(e.details, '$.attachmentIds.L') AS ARRAY(JSON)), ARRAY[])
  ) AS i (id)
  WHERE e.action IN ('thread.read', 'attachments.listed')
  UNION ALL
  SELECT chain, place, entry_time, function_name, json_extract_scalar(details, '$.attachmentId.S') AS opened_id
  FROM entries
  WHERE action = 'attachment.opened'
),
opened AS (
  SELECT
    v.event_time,
    v.event_name,
    v.caller,
    v.identity_arn,
    v.error_code,
    v.event_id,
    json_extract_scalar(v.request, '$.encryptionContext.patientId') AS patient_id,
    json_extract_scalar(v.request, '$.encryptionContext.use') AS opened_id,
    json_extract_scalar(v.request, '$.encryptionContext["aws:s3:arn"]') AS of_bucket
  FROM events v
  JOIN stack_resources k
    ON k.type = 'AWS::KMS::Key'
    AND regexp_replace(k.logical_id, '[0-9A-F]{8}$', '') = 'ContentKey'
    AND strpos(coalesce(v.resource_arns, '') || coalesce(v.request, ''), k.physical_id) > 0
  WHERE v.day BETWEEN ? AND ?
    AND v.event_source = 'kms.amazonaws.com'
    AND v.event_name IN ('Decrypt', 'ReEncrypt', 'CreateGrant')
)
SELECT o.event_time, o.event_name, o.caller, o.identity_arn, o.patient_id, o.opened_id, o.of_bucket, o.error_code,
  o.event_id
FROM opened o
LEFT JOIN read r
  ON r.opened_id = o.opened_id
  AND r.function_name || 'function' = lower(o.caller)
  AND from_iso8601_timestamp(r.entry_time)
    BETWEEN from_iso8601_timestamp(o.event_time) - INTERVAL '5' MINUTE
    AND from_iso8601_timestamp(o.event_time) + INTERVAL '1' SECOND
WHERE (
    coalesce(o.caller, '') NOT IN ('PortalFunction', 'ThreadsFunction')
    AND NOT (o.of_bucket IS NOT NULL AND coalesce(o.caller, '') = 'CheckAttachmentFunction')
  )
  OR o.event_name <> 'Decrypt'
  OR (o.of_bucket IS NULL AND o.error_code IS NULL AND r.chain IS NULL)
ORDER BY o.event_time
