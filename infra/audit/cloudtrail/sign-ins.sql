-- Sign-ins of staff and machines at the user pool, failed and not, by day, address and user. Cognito hides what was
-- typed; `subject` is the id under which the audit knows the user, where Cognito tells it.
-- Parameters: first day, last day.
-- Clean: few failures for each user and address, and no success after many failures.
SELECT
  day,
  source_address,
  event_name,
  json_extract_scalar(additional, '$.sub') AS subject,
  count(*) AS calls,
  count_if(error_code IS NOT NULL) AS failed,
  min(event_time) AS first_time,
  max(event_time) AS last_time,
  array_join(array_agg(DISTINCT error_code), ' ') AS errors
FROM events
WHERE day BETWEEN ? AND ?
  AND event_source = 'cognito-idp.amazonaws.com'
  AND regexp_like(event_name, '^(Admin)?(InitiateAuth|RespondToAuthChallenge)$|^(Login|Token|OAuth2)')
GROUP BY day, source_address, event_name, json_extract_scalar(additional, '$.sub')
ORDER BY failed DESC, calls DESC
