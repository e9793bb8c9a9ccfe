-- Calls that were refused, by whom and how often.
-- Parameters: first day, last day.
-- Clean: no row with a caller: a function of ours that asks for what it may not have is broken or in other hands.
SELECT
  caller,
  identity_arn,
  event_source,
  event_name,
  error_code,
  count(*) AS calls,
  min(event_time) AS first_time,
  max(event_time) AS last_time,
  max(error_message) AS one_message
FROM events
WHERE day BETWEEN ? AND ?
  AND regexp_like(error_code, 'AccessDenied|Unauthorized|NotAuthorized|Forbidden|InvalidClientTokenId|SignatureDoesNotMatch')
  AND event_source <> 'cognito-idp.amazonaws.com'
GROUP BY caller, identity_arn, event_source, event_name, error_code
ORDER BY caller NULLS LAST, calls DESC
