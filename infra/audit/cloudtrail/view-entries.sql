-- The audit entries of all exports, each once. Two rows for one place mean that two exports disagree: that, and whether
-- anything is missing, is for the verifier to judge, which reads manifests, hashes and anchors. This view only looks up.
CREATE OR REPLACE VIEW entries AS
WITH images AS (
  SELECT coalesce(json_extract(line, '$.Item'), json_extract(line, '$.NewImage')) AS item
  FROM audit_lines
  WHERE "$path" LIKE '%/data/%'
)
SELECT DISTINCT
  json_extract_scalar(item, '$.pk.S') AS chain,
  json_extract_scalar(item, '$.sk.S') AS place,
  json_extract_scalar(item, '$.at.S') AS entry_time,
  json_extract_scalar(item, '$.id.S') AS entry_id,
  json_extract_scalar(item, '$.action.S') AS action,
  json_extract_scalar(item, '$.actor.S') AS actor,
  json_extract_scalar(item, '$.role.S') AS actor_role,
  json_extract_scalar(item, '$.patientId.S') AS patient_id,
  json_extract_scalar(item, '$.function.S') AS function_name,
  json_extract_scalar(item, '$.requestId.S') AS request_id,
  json_format(json_extract(item, '$.details.M')) AS details
FROM images
WHERE json_extract_scalar(item, '$.sk.S') <> 'head'
