import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeExportCommand,
  DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
  type ExportTableToPointInTimeCommandInput,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { Clock } from "#infra/local/aws/clock.ts";
import { bucketTemplate } from "./bucket-stack.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

const BUCKET = "small-exportsbucket";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Line = {
  readonly Item?: Record<string, { S?: string }>;
  readonly Metadata?: { readonly WriteTimestampMicros: { readonly N: string } };
  readonly Keys?: Record<string, { S?: string }>;
  readonly NewImage?: Record<string, { S?: string }>;
  readonly OldImage?: Record<string, { S?: string }>;
};

let aws: Aws;
let clock: Clock;
let stop: () => Promise<void>;
let worker: DynamoDBClient;
let exporter: DynamoDBClient;
let table: string;

beforeEach(async () => {
  ({ aws, clock, stop } = await startSmallStack(bucketTemplate));
  worker = new DynamoDBClient(clientOf(aws, "worker"));
  exporter = new DynamoDBClient(clientOf(aws, "exporter"));
  table = aws.template.physicalId("Items");
});
afterEach(async () => {
  worker.destroy();
  exporter.destroy();
  await stop();
});

const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "x" } });
const put = (pk: string, value: string) =>
  worker.send(new PutItemCommand({ TableName: table, Item: { ...key(pk), value: { S: value } } }));
const remove = (pk: string) => worker.send(new DeleteItemCommand({ TableName: table, Key: key(pk) }));
const start = (more: Partial<ExportTableToPointInTimeCommandInput> = {}, by = exporter) =>
  by
    .send(
      new ExportTableToPointInTimeCommand({
        TableArn: aws.template.attribute("Items", "Arn"),
        S3Bucket: BUCKET,
        S3Prefix: "tables/Items",
        S3SseAlgorithm: "KMS",
        S3SseKmsKeyId: aws.template.attribute("AuditKey", "Arn"),
        ...more,
      }),
    )
    .then(({ ExportDescription: description }) => description ?? {});
const described = async ({ ExportArn }: ExportDescription, by = exporter): Promise<ExportDescription> =>
  (await by.send(new DescribeExportCommand({ ExportArn }))).ExportDescription ?? {};
const passTime = (ms: number) => clock.advanceTo(clock.now() + ms);
const fileText = (path = ""): string => aws.s3.bucket(BUCKET)?.find(path)?.content.toString() ?? "";
const summaryOf = (description: ExportDescription): Record<string, unknown> =>
  JSON.parse(fileText(description.ExportManifest)) as Record<string, unknown>;

/** The lines of an export, found by its manifests, with every checksum and count compared. */
function linesOf(description: ExportDescription): readonly Line[] {
  const { manifestFilesS3Key, itemCount } = summaryOf(description);
  const lines = fileText(String(manifestFilesS3Key))
    .trimEnd()
    .split("\n")
    .flatMap((text) => {
      const file = JSON.parse(text) as { itemCount: number; md5Checksum: string; dataFileS3Key: string };
      const content = aws.s3.bucket(BUCKET)?.find(file.dataFileS3Key)?.content ?? Buffer.alloc(0);
      expect(createHash("md5").update(content).digest("base64")).toBe(file.md5Checksum);
      const found = gunzipSync(content).toString().split("\n").slice(0, -1);
      expect(found).toHaveLength(file.itemCount);
      return found.map((line) => JSON.parse(line) as Line);
    });
  expect(lines).toHaveLength(Number(itemCount));
  return lines;
}

const window = (fromMs: number, toMs: number, view: "NEW_IMAGE" | "NEW_AND_OLD_IMAGES") =>
  ({
    ExportType: "INCREMENTAL_EXPORT",
    IncrementalExportSpecification: {
      ExportFromTime: new Date(fromMs),
      ExportToTime: new Date(toMs),
      ExportViewType: view,
    },
  }) as const;

describe("a full export of a local table", () => {
  it("lies in the bucket as AWS lays it out", async () => {
    await put("a", "1");
    await put("b", "2");

    const answered = await start();
    const ended = await described(answered);

    expect(answered).toMatchObject({ ExportStatus: "IN_PROGRESS", ExportType: "FULL_EXPORT" });
    expect(ended).toMatchObject({ ExportStatus: "COMPLETED", ItemCount: 2, ExportArn: answered.ExportArn });
    const exportId = answered.ExportArn?.split("/").at(-1) ?? "";
    const base = `tables/Items/AWSDynamoDB/${exportId}`;
    expect(ended.ExportManifest).toBe(`${base}/manifest-summary.json`);
    expect(Object.keys(summaryOf(ended))).toEqual([
      "version",
      "exportArn",
      "startTime",
      "endTime",
      "tableArn",
      "tableId",
      "exportTime",
      "s3Bucket",
      "s3Prefix",
      "s3SseAlgorithm",
      "s3SseKmsKeyId",
      "manifestFilesS3Key",
      "billedSizeBytes",
      "itemCount",
      "outputFormat",
    ]);
    const paths =
      aws.s3
        .bucket(BUCKET)
        ?.objects()
        .map(({ key: path }) => path) ?? [];
    expect(paths).toContain(`${base}/_started`);
    expect(paths.filter((path) => path.startsWith(`${base}/data/`))).toHaveLength(1);
    expect(new Set(linesOf(ended).map(({ Item }) => Item?.["value"]?.S))).toEqual(new Set(["1", "2"]));
    const [stored] = aws.s3.bucket(BUCKET)?.objects() ?? [];
    expect(stored?.encryption).toEqual({
      algorithm: "aws:kms",
      keyArn: aws.template.attribute("AuditKey", "Arn"),
    });
  });

  it("shows the table as it was at the time that is asked for", async () => {
    await put("kept", "old");
    await put("deleted", "old");
    passTime(MINUTE_MS);
    const then = new Date(clock.now());
    passTime(MINUTE_MS);
    await put("kept", "new");
    await put("later", "new");
    await remove("deleted");

    const ended = await described(await start({ ExportTime: then }));

    const found = linesOf(ended).map(({ Item }) => `${Item?.["pk"]?.S}=${Item?.["value"]?.S}`);
    expect(found.toSorted()).toEqual(["deleted=old", "kept=old"]);
    expect(new Date(String(summaryOf(ended)["exportTime"])).getTime()).toBe(then.getTime());
  });

  it("is one empty file where the table is empty, and several where it is large", async () => {
    const empty = await described(await start());
    for (let first = 0; first < 1200; first += 25) {
      const puts = Array.from({ length: 25 }, (_, index) => ({
        PutRequest: { Item: key(`many-${String(first + index)}`) },
      }));
      await worker.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
    }
    const large = await described(await start());

    expect(linesOf(empty)).toHaveLength(0);
    expect(linesOf(large)).toHaveLength(1200);
    expect(
      fileText(String(summaryOf(large)["manifestFilesS3Key"]))
        .trimEnd()
        .split("\n"),
    ).toHaveLength(3);
  });
});

describe("an incremental export", () => {
  it("holds each item that the window changed once, with its last state in it and the one before it", async () => {
    await put("updated", "before");
    await put("deleted", "before");
    await put("untouched", "before");
    passTime(MINUTE_MS);
    const fromMs = clock.now();
    await put("updated", "between");
    await put("inserted", "inside");
    await put("passing", "inside");
    passTime(10 * MINUTE_MS);
    await put("updated", "inside");
    const updatedMs = clock.now();
    await remove("deleted");
    await remove("passing");
    passTime(10 * MINUTE_MS);
    const toMs = clock.now();
    passTime(MINUTE_MS);
    await put("updated", "after");
    await put("late", "after");

    const both = await described(await start(window(fromMs, toMs, "NEW_AND_OLD_IMAGES")));
    const newOnly = await described(await start(window(fromMs, toMs, "NEW_IMAGE")));

    const shown = (lines: readonly Line[]) =>
      lines
        .map(({ Keys, OldImage, NewImage }) =>
          [Keys?.["pk"], OldImage?.["value"], NewImage?.["value"]].map((value) => value?.S ?? "-").join(" "),
        )
        .toSorted();
    expect(shown(linesOf(both))).toEqual(["deleted before -", "inserted - inside", "updated before inside"]);
    expect(shown(linesOf(newOnly))).toEqual(["deleted - -", "inserted - inside", "updated - inside"]);
    const updated = linesOf(both).find(({ Keys }) => Keys?.["pk"]?.S === "updated");
    expect(Object.keys(updated ?? {})).toEqual(["Metadata", "Keys", "NewImage", "OldImage"]);
    const writtenMs = Number(updated?.Metadata?.WriteTimestampMicros.N) / 1000;
    expect(Math.abs(writtenMs - updatedMs)).toBeLessThan(1000);
  });

  it("keeps its data in the folder that all incremental exports share", async () => {
    passTime(HOUR_MS);
    const ended = await described(
      await start(window(clock.now() - 15 * MINUTE_MS, clock.now(), "NEW_IMAGE")),
    );

    const summary = summaryOf(ended);
    expect(summary).toMatchObject({
      version: "2023-08-01",
      exportType: "INCREMENTAL_EXPORT",
      outputView: "NEW_IMAGE",
    });
    expect(Object.keys(summary)).not.toContain("exportTime");
    expect(fileText(String(summary["manifestFilesS3Key"]))).toContain(
      '"dataFileS3Key":"tables/Items/AWSDynamoDB/data/',
    );
  });

  it("joins the next one without a gap and without an overlap", async () => {
    passTime(MINUTE_MS);
    const times = [clock.now()];
    for (const value of ["first", "second"]) {
      passTime(10 * MINUTE_MS);
      await put("item", value);
      passTime(10 * MINUTE_MS);
      times.push(clock.now());
    }
    const [fromMs = 0, middleMs = 0, toMs = 0] = times;

    const first = linesOf(await described(await start(window(fromMs, middleMs, "NEW_AND_OLD_IMAGES"))));
    const second = linesOf(await described(await start(window(middleMs, toMs, "NEW_AND_OLD_IMAGES"))));

    expect(first.map(({ OldImage, NewImage }) => [OldImage, NewImage?.["value"]?.S])).toEqual([
      [undefined, "first"],
    ]);
    expect(second.map(({ OldImage, NewImage }) => [OldImage?.["value"]?.S, NewImage?.["value"]?.S])).toEqual([
      ["first", "second"],
    ]);
  });

  it("knows nothing of a transaction that did not happen", async () => {
    await put("there", "1");
    passTime(MINUTE_MS);
    const fromMs = clock.now();
    const item = (pk: string) => ({ TableName: table, Item: { ...key(pk), value: { S: "no" } } });

    const refused = worker.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: item("new") },
          { Put: { ...item("there"), ConditionExpression: "attribute_not_exists(pk)" } },
        ],
      }),
    );

    await expect(refused).rejects.toMatchObject({ name: "TransactionCanceledException" });
    passTime(HOUR_MS);
    const ended = await described(await start(window(fromMs, clock.now(), "NEW_AND_OLD_IMAGES")));
    expect(linesOf(ended)).toEqual([]);
  });
});

describe("a request for an export", () => {
  it("that is repeated with its token is the same export, and with another content a conflict", async () => {
    const asked = { ClientToken: "token-1" };
    const first = await start(asked);
    await put("later", "1");

    expect(await start(asked)).toMatchObject({ ExportArn: first.ExportArn, ExportStatus: "COMPLETED" });
    await expect(start({ ...asked, S3Prefix: "tables/Other" })).rejects.toMatchObject({
      name: "ExportConflictException",
    });
    passTime(9 * HOUR_MS);
    expect((await start(asked)).ExportArn).not.toBe(first.ExportArn);
  });

  it("is refused for an unknown table, one without recovery, and times out of reach", async () => {
    passTime(30 * HOUR_MS);
    const now = clock.now();
    const refusals: [Partial<ExportTableToPointInTimeCommandInput>, string][] = [
      [{ TableArn: aws.template.attribute("Lasting", "Arn") }, "PointInTimeRecoveryUnavailableException"],
      [{ ExportTime: new Date(now + HOUR_MS) }, "InvalidExportTimeException"],
      [{ ExportTime: new Date(now - 31 * HOUR_MS) }, "InvalidExportTimeException"],
      [window(now - 14 * MINUTE_MS, now, "NEW_IMAGE"), "InvalidExportTimeException"],
      [window(now - 25 * HOUR_MS, now, "NEW_IMAGE"), "InvalidExportTimeException"],
      [window(now - HOUR_MS, now + HOUR_MS, "NEW_IMAGE"), "InvalidExportTimeException"],
      [window(now, now - HOUR_MS, "NEW_IMAGE"), "InvalidExportTimeException"],
      [{ ExportFormat: "ION" }, "ValidationException"],
    ];
    for (const [asked, name] of refusals) await expect(start(asked)).rejects.toMatchObject({ name });
    const host = new DynamoDBClient({ ...clientOf(aws, "exporter"), credentials: aws.hostCredentials });
    await expect(
      start({ TableArn: aws.template.attribute("Items", "Arn").replace(/Items$/u, "Nothing") }, host),
    ).rejects.toMatchObject({ name: "TableNotFoundException" });
    host.destroy();
  });

  it("needs the permission on the table at once, and those on the bucket before it can complete", async () => {
    const halfway = new DynamoDBClient(clientOf(aws, "halfway"));

    await expect(start({}, worker)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(await described(await start({}, halfway), halfway)).toMatchObject({
      ExportStatus: "FAILED",
      FailureCode: "S3AccessDenied",
    });
    expect(await described(await start({ S3Prefix: "elsewhere" }))).toMatchObject({
      ExportStatus: "FAILED",
      FailureCode: "S3AccessDenied",
    });
    // Without an algorithm DynamoDB asks for S3's own keys, which this bucket's policy refuses.
    const keyless = { S3SseAlgorithm: undefined, S3SseKmsKeyId: undefined };
    expect(await described(await start(keyless))).toMatchObject({ FailureCode: "S3AccessDenied" });
    expect(await described(await start({ S3Bucket: "no-such-bucket" }))).toMatchObject({
      ExportStatus: "FAILED",
      FailureCode: "S3NoSuchBucket",
    });
    expect(aws.s3.bucket(BUCKET)?.objects()).toEqual([]);
    halfway.destroy();
  });
});
