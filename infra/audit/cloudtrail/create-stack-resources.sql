-- Which physical name or key id each resource of the stack has, from the list that cloudtrail.md says how to make.
-- Keep older lists beside the newest one: a role that was replaced still stands in the trail under its old name.
CREATE EXTERNAL TABLE stack_resources (
  logical_id STRING,
  physical_id STRING,
  type STRING
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
LOCATION 's3://WORK_BUCKET/stack-resources/'
