-- Every line of every export of the table Audit, full and incremental, as it was written. Manifests lie under the same
-- prefix; the view entries leaves them out.
CREATE EXTERNAL TABLE audit_lines (
  line STRING
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\001' LINES TERMINATED BY '\n'
LOCATION 's3://EXPORTS_BUCKET/tables/Audit/AWSDynamoDB/'
