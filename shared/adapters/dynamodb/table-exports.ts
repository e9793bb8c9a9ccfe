import {
  DescribeExportCommand,
  type DynamoDBClient,
  ExportNotFoundException,
  ExportTableToPointInTimeCommand,
} from "@aws-sdk/client-dynamodb";
import type { ExportedTable, ExportOrder } from "../../audit/export-windows.ts";
import { type ExportState, type StartOutcome, TIME_OUT_OF_REACH } from "../../audit/request-exports.ts";

/** Why DynamoDB takes an order not now, or not at all. */
const REASONS: Readonly<Record<string, string>> = {
  ExportConflictException: "export-conflict",
  InvalidExportTimeException: TIME_OUT_OF_REACH,
  LimitExceededException: "limit-exceeded",
  PointInTimeRecoveryUnavailableException: "recovery-unavailable",
  TableNotFoundException: "table-unknown",
};

/** Where tables are and where their exports go. */
export interface TableExportsSettings {
  readonly tableArns: Readonly<Record<ExportedTable, string>>;
  readonly bucket: string;
  /** Named, because DynamoDB's own choice would be a key of S3's. */
  readonly keyArn: string;
}

/** Has DynamoDB write tables to a bucket, as JSON lines, deletions and old images of items among them. */
export function createStartExport(
  client: DynamoDBClient,
  { tableArns, bucket, keyArn }: TableExportsSettings,
) {
  return async (order: ExportOrder, prefix: string, token: string): Promise<StartOutcome> => {
    try {
      const { ExportDescription } = await client.send(
        new ExportTableToPointInTimeCommand({
          TableArn: tableArns[order.table],
          ClientToken: token,
          S3Bucket: bucket,
          S3Prefix: prefix,
          S3SseAlgorithm: "KMS",
          S3SseKmsKeyId: keyArn,
          ExportFormat: "DYNAMODB_JSON",
          ...(order.kind === "full"
            ? { ExportType: "FULL_EXPORT" }
            : {
                ExportType: "INCREMENTAL_EXPORT",
                IncrementalExportSpecification: {
                  ExportFromTime: new Date(order.from),
                  ExportToTime: new Date(order.to),
                  ExportViewType: "NEW_AND_OLD_IMAGES",
                },
              }),
        }),
      );
      const { ExportArn, ExportTime } = ExportDescription ?? {};
      if (ExportArn === undefined) throw new Error("the export has no name");
      return { kind: "started", exportArn: ExportArn, at: ExportTime?.toISOString() ?? null };
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      return { kind: "refused", reason: REASONS[name] ?? "error", error };
    }
  };
}

/** Asks DynamoDB what became of an export; one that it does not know any more has failed for all we can tell. */
export function createExportState(client: DynamoDBClient) {
  return async (exportArn: string): Promise<ExportState> => {
    try {
      const { ExportDescription } = await client.send(new DescribeExportCommand({ ExportArn: exportArn }));
      switch (ExportDescription?.ExportStatus) {
        case "COMPLETED":
          return { kind: "completed" };
        case "FAILED":
          return { kind: "failed", code: ExportDescription.FailureCode ?? null };
        default:
          return { kind: "running" };
      }
    } catch (error) {
      if (error instanceof ExportNotFoundException) return { kind: "failed", code: error.name };
      throw error;
    }
  };
}
