-- One request from end to end: the entries that name it, the call that wrote each, and every other item that the same
-- call wrote. The request id is the one of API Gateway's access log, of the queue's message or of the invocation, as
-- cloudtrail.md lists it.
-- Parameters: request id, first day, last day, and both days once more.
-- Clean: each entry has its call, by the function that it names.
WITH named AS (
  SELECT chain, place, entry_time, action, actor, function_name FROM entries WHERE request_id = ?
),
calls AS (
  SELECT n.*, w.event_id
  FROM named n
  LEFT JOIN item_accesses w
    ON w.pk = n.chain AND w.sk = n.place AND w.table_name = 'Audit' AND w.error_code IS NULL AND w.operation = 'Put'
    AND w.day BETWEEN ? AND ?
)
SELECT c.entry_time, c.action, c.actor, c.function_name, c.chain, c.place, i.event_time, i.caller, i.operation,
  i.table_name, i.pk, i.sk, i.aws_request_id, i.event_id
FROM calls c
LEFT JOIN item_accesses i ON i.event_id = c.event_id AND i.day BETWEEN ? AND ?
ORDER BY c.entry_time, c.chain, c.place, i.table_name, i.pk, i.sk
