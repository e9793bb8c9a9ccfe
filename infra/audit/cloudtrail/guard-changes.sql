-- Every change to what guards the record: trail, locks and policies of buckets, keys, roles, functions, tables, logs,
-- alarms, firewalls, the staff directory.
-- Parameters: first day, last day.
-- Clean: only what CloudFormation did during deployments that the practice has on record, and the grants that DynamoDB
-- itself takes on the keys of tables. Never a caller: no function of ours may change a guard.
WITH guards (guard, source, pattern) AS (
  VALUES
    ('trail', 'cloudtrail.amazonaws.com', '^(Stop|Start|Delete|Update|Create|Put|Add|Remove)'),
    ('bucket', 's3.amazonaws.com', '^(Put|Delete)(Bucket|Object(Retention|LegalHold)|Public|Account|Access)'),
    ('key', 'kms.amazonaws.com', '^(PutKeyPolicy|CreateGrant|Disable|Enable|Schedule|Cancel|Delete|CreateKey|CreateAlias|Update|Import|Retire|Revoke|Replicate)'),
    ('role', 'iam.amazonaws.com', '^(Create|Delete|Put|Attach|Detach|Update|Set|Add|Remove|Pass|Deactivate)'),
    ('function', 'lambda.amazonaws.com', '^(Create|Delete|Update|Put|Add|Remove|Publish)'),
    ('table', 'dynamodb.amazonaws.com', '^(Create|Delete|Update|Restore|Enable|Disable|Put(Resource)|Import)'),
    ('log', 'logs.amazonaws.com', '^(Delete|Put(Retention|Resource|Subscription|Metric)|Disassociate|Associate)'),
    ('alarm', 'monitoring.amazonaws.com', '^(Delete|Disable|Put(Metric)?Alarm)'),
    ('topic', 'sns.amazonaws.com', '^(Create|Delete|Set|Add|Remove|Subscribe|Unsubscribe)'),
    ('queue', 'sqs.amazonaws.com', '^(Create|Delete|Set|Add|Remove|Purge)'),
    ('schedule', 'events.amazonaws.com', '^(Delete|Disable|Put|Remove)'),
    ('firewall', 'wafv2.amazonaws.com', '^(Delete|Disassociate|Update|Put)'),
    ('api', 'apigateway.amazonaws.com', '^(Create|Delete|Update|Put|Import)'),
    ('staff', 'cognito-idp.amazonaws.com', '^(Admin|Create|Delete|Update|Set)'),
    ('texts', 'sms-voice.amazonaws.com', '^(Create|Delete|Put|Set|Update|Release|Request|Associate|Disassociate)'),
    ('stack', 'cloudformation.amazonaws.com', '^(Create|Delete|Update|Execute|Set|Import)')
)
SELECT e.event_time, g.guard, e.event_name, e.caller, e.identity_arn, e.invoked_by, e.with_mfa, e.source_address,
  e.error_code, e.resource_arns, e.request, e.event_id
FROM events e
JOIN guards g ON g.source = e.event_source AND regexp_like(e.event_name, g.pattern)
WHERE e.day BETWEEN ? AND ?
  AND (e.event_category = 'Management' OR e.event_source = 's3.amazonaws.com')
  -- What texts and answers bring about, by send-alert and reconcile-opt-outs.
  AND e.event_name NOT LIKE '%OptedOutNumber'
ORDER BY e.event_time
