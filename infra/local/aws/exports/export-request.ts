import { type JsonRecord, numberOf, recordOf, textOf } from "../../json-shape.ts";
import { type AwsError, awsError } from "../aws-error.ts";
import type { ExportScope } from "./export-files.ts";
import type { ExportedTable } from "./exported-table.ts";

/** What ExportTableToPointInTime is asked for, beside the table and the time. */
export type ExportTarget = {
  readonly bucket: string;
  readonly bucketOwner: string | undefined;
  readonly prefix: string | undefined;
  readonly sseAlgorithm: "AES256" | "KMS" | undefined;
  readonly sseKeyId: string | undefined;
};

const PARAMETERS: ReadonlySet<string> = new Set([
  "TableArn",
  "ExportTime",
  "ClientToken",
  "S3Bucket",
  "S3BucketOwner",
  "S3Prefix",
  "S3SseAlgorithm",
  "S3SseKmsKeyId",
  "ExportFormat",
  "ExportType",
  "IncrementalExportSpecification",
]);
const BUCKET_NAME = /^[a-z0-9A-Z]+[.\-\w]*[a-z0-9A-Z]+$/u;
const PREFIX_MAX = 1024;
/** An incremental export's window (developer guide, "Requesting a table export"). */
const WINDOW_MS = { least: 15 * 60_000, most: 24 * 3_600_000 };
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

/** Reads where the export goes; throws ValidationException, also for what this host does not imitate (Ion). */
export function readTarget(input: JsonRecord): ExportTarget {
  const unknown = Object.keys(input).find((name) => !PARAMETERS.has(name) && input[name] != null);
  if (unknown !== undefined) throw validation(`The local host does not support the parameter ${unknown}.`);
  const bucket = textOf(input["S3Bucket"]) ?? "";
  if (!BUCKET_NAME.test(bucket)) throw invalidMember("s3Bucket");
  const prefix = textOf(input["S3Prefix"]);
  if (prefix !== undefined && prefix.length > PREFIX_MAX) throw invalidMember("s3Prefix");
  if ((input["ExportFormat"] ?? "DYNAMODB_JSON") !== "DYNAMODB_JSON")
    throw validation("The local host exports DYNAMODB_JSON only.");
  const sseAlgorithm = input["S3SseAlgorithm"];
  if (sseAlgorithm != null && sseAlgorithm !== "AES256" && sseAlgorithm !== "KMS")
    throw invalidMember("s3SseAlgorithm");
  const sseKeyId = textOf(input["S3SseKmsKeyId"]);
  return {
    bucket,
    bucketOwner: textOf(input["S3BucketOwner"]),
    // A slash at the end would be doubled.
    prefix: prefix === undefined || prefix === "" ? undefined : prefix.replace(/\/$/u, ""),
    sseAlgorithm: sseAlgorithm ?? (sseKeyId === undefined ? undefined : "KMS"),
    sseKeyId,
  };
}

/** Reads what of the table is exported; throws InvalidExportTimeException outside what recovery reaches. */
export function readScope(input: JsonRecord, table: ExportedTable, nowMs: number): ExportScope {
  const earliestMs = Math.max(table.createdMs, nowMs - (table.recoveryDays ?? 0) * DAY_MS);
  const inReach = (ms: number): number => {
    if (ms < earliestMs || ms > nowMs)
      throw invalidTime("The export time is outside of what can be restored of the table.");
    return ms;
  };
  const specification = input["IncrementalExportSpecification"];
  const type = input["ExportType"] ?? "FULL_EXPORT";
  if (type === "FULL_EXPORT") {
    if (specification != null)
      throw validation("IncrementalExportSpecification is for incremental exports only.");
    return { type, exportTimeMs: inReach(timeOf(input["ExportTime"]) ?? nowMs) };
  }
  if (type !== "INCREMENTAL_EXPORT") throw invalidMember("exportType");
  if (input["ExportTime"] != null) throw validation("ExportTime is for full exports only.");
  const {
    ExportFromTime,
    ExportToTime,
    ExportViewType: view = "NEW_AND_OLD_IMAGES",
  } = recordOf(specification);
  if (view !== "NEW_IMAGE" && view !== "NEW_AND_OLD_IMAGES") throw invalidMember("exportViewType");
  const fromMs = timeOf(ExportFromTime);
  if (fromMs === undefined)
    throw validation("The local host needs the time from which an incremental export goes.");
  const toMs = timeOf(ExportToTime) ?? nowMs;
  if (fromMs >= toMs)
    throw invalidTime(
      "Incremental export period from time should not be greater or equal to incremental export period to time",
    );
  if (toMs - fromMs < WINDOW_MS.least || toMs - fromMs > WINDOW_MS.most)
    throw invalidTime(
      "Difference between export period from time and export period to time must be between 15 minutes and 24 hours",
    );
  return { type, fromMs: inReach(fromMs), toMs: inReach(toMs), view };
}

/** A timestamp of the JSON protocol: seconds since the epoch, with fractions. */
function timeOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  return seconds === undefined ? undefined : Math.round(seconds * SECOND_MS);
}

function validation(message: string): AwsError {
  return awsError("ValidationException", message);
}

function invalidMember(name: string): AwsError {
  return validation(`1 validation error detected: Value at '${name}' failed to satisfy constraint`);
}

function invalidTime(message: string): AwsError {
  return awsError("InvalidExportTimeException", message);
}
