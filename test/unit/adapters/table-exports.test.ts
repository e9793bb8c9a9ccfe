import { type DynamoDBClient, ExportNotFoundException } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createExportState, createStartExport } from "#shared/adapters/dynamodb/table-exports.ts";

const SETTINGS = {
  tableArns: { Audit: "arn:audit", Consents: "arn:consents", Practice: "arn:practice" },
  bucket: "exports",
  keyArn: "arn:key",
};

function starting(answer: () => unknown) {
  const sent: Record<string, unknown>[] = [];
  const client = {
    send: async ({ input }: { readonly input: Record<string, unknown> }) => {
      sent.push(input);
      return answer();
    },
  };
  return { sent, start: createStartExport(client as unknown as DynamoDBClient, SETTINGS) };
}

describe("an export", () => {
  it("of a whole table names its bucket, its key and its token, and tells the moment that it shows", async () => {
    const at = new Date("2026-11-04T17:00:00Z");
    const { sent, start } = starting(() => ({
      ExportDescription: { ExportArn: "arn:export", ExportTime: at },
    }));
    expect(await start({ table: "Audit", kind: "full" }, "tables/Audit", "token")).toEqual({
      kind: "started",
      exportArn: "arn:export",
      at: at.toISOString(),
    });
    expect(sent).toEqual([
      {
        TableArn: "arn:audit",
        ClientToken: "token",
        S3Bucket: "exports",
        S3Prefix: "tables/Audit",
        S3SseAlgorithm: "KMS",
        S3SseKmsKeyId: "arn:key",
        ExportFormat: "DYNAMODB_JSON",
        ExportType: "FULL_EXPORT",
      },
    ]);
  });

  it("of a window has old images, so that what was overwritten shows", async () => {
    const { sent, start } = starting(() => ({ ExportDescription: { ExportArn: "arn:export" } }));
    const window = { from: "2026-11-03T17:00:00.000Z", to: "2026-11-04T17:00:00.000Z" };
    await start({ table: "Consents", kind: "incremental", ...window }, "tables/Consents", "token");
    expect(sent[0]).toMatchObject({
      TableArn: "arn:consents",
      ExportType: "INCREMENTAL_EXPORT",
      IncrementalExportSpecification: {
        ExportFromTime: new Date(window.from),
        ExportToTime: new Date(window.to),
        ExportViewType: "NEW_AND_OLD_IMAGES",
      },
    });
  });

  it.each([
    ["LimitExceededException", "limit-exceeded"],
    ["ExportConflictException", "export-conflict"],
    ["PointInTimeRecoveryUnavailableException", "recovery-unavailable"],
    ["InvalidExportTimeException", "time-out-of-reach"],
    ["TableNotFoundException", "table-unknown"],
    ["AccessDeniedException", "error"],
  ])("that ends with %s is refused: %s", async (name, reason) => {
    const { start } = starting(() => {
      throw Object.assign(new Error("quotes what was sent"), { name });
    });
    expect(await start({ table: "Audit", kind: "full" }, "tables/Audit", "token")).toMatchObject({
      kind: "refused",
      reason,
    });
  });
});

describe("what became of an export", () => {
  const asking = (answer: () => unknown) =>
    createExportState({ send: async () => answer() } as unknown as DynamoDBClient)("arn:export");
  const described = (description: object) => asking(() => ({ ExportDescription: description }));

  it("is told in AWS's words where it failed", async () => {
    expect(await described({ ExportStatus: "COMPLETED" })).toEqual({ kind: "completed" });
    expect(await described({ ExportStatus: "IN_PROGRESS" })).toEqual({ kind: "running" });
    expect(await described({ ExportStatus: "FAILED", FailureCode: "S3NoSuchBucket" })).toEqual({
      kind: "failed",
      code: "S3NoSuchBucket",
    });
    expect(await described({ ExportStatus: "FAILED" })).toEqual({ kind: "failed", code: null });
  });

  it("is a failure where AWS does not know it any more, and an error where AWS cannot be asked", async () => {
    const unknown = () => {
      throw new ExportNotFoundException({ message: "", $metadata: {} });
    };
    expect(await asking(unknown)).toEqual({ kind: "failed", code: "ExportNotFoundException" });
    const denied = () => {
      throw new Error("denied");
    };
    await expect(asking(denied)).rejects.toThrow("denied");
  });
});
