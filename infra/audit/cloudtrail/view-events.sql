-- The trail with the names of the stack. `caller` is the logical name of one of our functions, where one of them called
-- under its own role (Lambda names the session after the function); else it is null.
CREATE OR REPLACE VIEW events AS
WITH names AS (
  SELECT DISTINCT physical_id, type, regexp_replace(logical_id, '[0-9A-F]{8}$', '') AS name
  FROM stack_resources
)
SELECT
  t.day,
  t.region,
  t.eventtime AS event_time,
  t.eventsource AS event_source,
  t.eventname AS event_name,
  t.eventcategory AS event_category,
  t.readonly AS read_only,
  t.useridentity.type AS identity_type,
  t.useridentity.arn AS identity_arn,
  t.useridentity.invokedby AS invoked_by,
  CASE WHEN r.name = f.name || 'Role' THEN f.name END AS caller,
  t.sessioncredentialfromconsole AS from_console,
  t.useridentity.sessioncontext.attributes.mfaauthenticated AS with_mfa,
  t.sourceipaddress AS source_address,
  t.useragent AS user_agent,
  nullif(t.errorcode, '') AS error_code,
  t.errormessage AS error_message,
  t.requestparameters AS request,
  t.responseelements AS response,
  t.additionaleventdata AS additional,
  array_join(transform(t.resources, one -> one.arn), ' ') AS resource_arns,
  t.requestid AS aws_request_id,
  t.eventid AS event_id
FROM trail t
LEFT JOIN names r
  ON r.type = 'AWS::IAM::Role'
  AND r.physical_id = t.useridentity.sessioncontext.sessionissuer.username
  AND t.useridentity.sessioncontext.sessionissuer.accountid = t.recipientaccountid
LEFT JOIN names f
  ON f.type = 'AWS::Lambda::Function'
  AND f.physical_id = split_part(t.useridentity.arn, '/', 3)
