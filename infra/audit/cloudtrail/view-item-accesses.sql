-- A row for each item that a call of DynamoDB names. Where a call names none (Query, Scan), or in a form that is not
-- known here, it is one row without pk: then read its request.
CREATE OR REPLACE VIEW item_accesses AS
WITH names AS (
  SELECT DISTINCT physical_id, regexp_replace(logical_id, '[0-9A-F]{8}$', '') AS name
  FROM stack_resources
  WHERE type = 'AWS::DynamoDB::Table'
),
items AS (
  SELECT
    e.*,
    i.item,
    coalesce(json_extract_scalar(i.item, '$.tableName'), json_extract_scalar(i.item, '$.TableName')) AS table_named
  FROM events e
  CROSS JOIN UNNEST(
    coalesce(TRY_CAST(json_extract(e.request, '$.requestItems') AS ARRAY(JSON)), ARRAY[json_extract(e.request, '$')])
  ) AS i (item)
  WHERE e.event_source = 'dynamodb.amazonaws.com' AND e.event_category = 'Data'
)
SELECT
  n.day,
  n.event_time,
  coalesce(json_extract_scalar(n.item, '$.operation'), n.event_name) AS operation,
  coalesce(t.name, n.table_named, n.resource_arns) AS table_name,
  coalesce(
    json_extract_scalar(n.item, '$.key.pk'),
    json_extract_scalar(n.item, '$.key.pk.S'),
    json_extract_scalar(n.item, '$.Key.pk'),
    json_extract_scalar(n.item, '$.Key.pk.S')
  ) AS pk,
  coalesce(
    json_extract_scalar(n.item, '$.key.sk'),
    json_extract_scalar(n.item, '$.key.sk.S'),
    json_extract_scalar(n.item, '$.Key.sk'),
    json_extract_scalar(n.item, '$.Key.sk.S')
  ) AS sk,
  n.caller,
  n.identity_arn,
  n.invoked_by,
  n.source_address,
  n.user_agent,
  n.error_code,
  n.request,
  n.aws_request_id,
  n.event_id
FROM items n
LEFT JOIN names t
  ON t.physical_id = coalesce(
    regexp_extract(n.table_named, '[^/]+$'),
    regexp_extract(n.resource_arns, 'table/([^/ ]+)', 1)
  )
