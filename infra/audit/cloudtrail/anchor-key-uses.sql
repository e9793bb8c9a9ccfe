-- What was signed with the anchor key by anybody but the function anchor, or by it without an anchor on record.
-- Parameters: first day, last day.
-- Clean: no row. A run that broke off between signing and its entry leaves one; the next run takes the anchor up, and
-- the verifier shows that the numbers of anchors have no gap.
SELECT v.event_time, v.event_name, v.caller, v.identity_arn, v.source_address, v.error_code, v.event_id
FROM events v
JOIN stack_resources k
  ON k.type = 'AWS::KMS::Key'
  AND regexp_replace(k.logical_id, '[0-9A-F]{8}$', '') = 'AnchorKey'
  AND strpos(coalesce(v.resource_arns, '') || coalesce(v.request, ''), k.physical_id) > 0
LEFT JOIN entries e
  ON e.chain = 'actor#function:anchor'
  AND e.action = 'anchor.signed'
  AND from_iso8601_timestamp(e.entry_time)
    BETWEEN from_iso8601_timestamp(v.event_time)
    AND from_iso8601_timestamp(v.event_time) + INTERVAL '5' MINUTE
WHERE v.day BETWEEN ? AND ?
  AND v.event_source = 'kms.amazonaws.com'
  AND v.event_name IN ('Sign', 'CreateGrant')
  AND (
    coalesce(v.caller, '') <> 'AnchorFunction'
    OR v.event_name <> 'Sign'
    OR (v.error_code IS NULL AND e.chain IS NULL)
  )
ORDER BY v.event_time
