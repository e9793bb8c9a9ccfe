-- Who entered the AWS account: the console, the root user, assumed roles of people, keys of users.
-- Parameters: first day, last day.
-- Clean: only people on the practice's list of administrators, with MFA, each with a reason on record; never the root
-- user. AssumeRole by services of AWS has invoked_by and is left out.
SELECT event_time, event_name, identity_type, identity_arn, from_console, with_mfa,
  json_extract_scalar(additional, '$.MFAUsed') AS mfa_used, source_address, user_agent, error_code,
  json_extract_scalar(response, '$.ConsoleLogin') AS outcome, json_extract_scalar(request, '$.roleArn') AS role_assumed,
  event_id
FROM events
WHERE day BETWEEN ? AND ?
  AND caller IS NULL
  AND invoked_by IS NULL
  AND identity_type <> 'AWSService'
  AND (
    event_source = 'signin.amazonaws.com'
    OR identity_type = 'Root'
    OR from_console = 'true'
    OR (event_source = 'sts.amazonaws.com' AND regexp_like(event_name, '^(AssumeRole|GetSessionToken|GetFederationToken)'))
  )
ORDER BY event_time
