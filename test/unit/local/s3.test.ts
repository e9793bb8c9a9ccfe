import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { Clock } from "#infra/local/aws/clock.ts";
import { createFaultInterceptor } from "#infra/local/aws/fault-interceptor.ts";
import { createFaults } from "#infra/local/aws/faults.ts";
import { bucketTemplate } from "./bucket-stack.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

const ANCHORS = "small-anchorsbucket";
const STRICT = "small-strictbucket";
const EXPORTS = "small-exportsbucket";
const LOGS = "small-accesslogs";
const DAY_MS = 86_400_000;

let aws: Aws;
let clock: Clock;
let stop: () => Promise<void>;
let archivist: S3Client;
const clients: S3Client[] = [];

const client = (functionName: string): S3Client => {
  const made = new S3Client(clientOf(aws, functionName));
  clients.push(made);
  return made;
};
const put = (Bucket: string, Key: string, more: Partial<PutObjectCommandInput> = {}, by = archivist) =>
  by.send(new PutObjectCommand({ Bucket, Key, Body: "content", ...more }));
const text = async (Bucket: string, Key: string, by = archivist): Promise<string | undefined> =>
  (await by.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

beforeAll(async () => {
  ({ aws, clock, stop } = await startSmallStack(bucketTemplate));
  archivist = client("archivist");
});
afterAll(async () => {
  for (const each of clients) each.destroy();
  await stop();
});

describe("an object of a local bucket", () => {
  it("comes back as it was put, with its type, its metadata and the key of the bucket", async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128, 37]);

    const stored = await put(EXPORTS, "a folder/with ünïcode & more+.bin", {
      Body: bytes,
      ContentType: "application/json",
      ContentEncoding: "gzip",
      Metadata: { made: "today" },
    });

    const read = await archivist.send(
      new GetObjectCommand({ Bucket: EXPORTS, Key: "a folder/with ünïcode & more+.bin" }),
    );
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? [])).toEqual(bytes);
    expect(read).toMatchObject({
      ContentType: "application/json",
      ContentEncoding: "gzip",
      ContentLength: 6,
      Metadata: { made: "today" },
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: aws.template.attribute("AuditKey", "Arn"),
      BucketKeyEnabled: true,
      VersionId: stored.VersionId,
      ETag: stored.ETag,
      ChecksumCRC32: stored.ChecksumCRC32,
    });
    expect(stored.ETag).not.toContain(createHash("md5").update(bytes).digest("hex"));
    expect(stored.ChecksumCRC32).toMatch(/^[\w+/]{6}==$/u);
  });

  it("may be streamed, its checksum following it", async () => {
    const body = "line\n".repeat(20_000);

    await put(LOGS, "streamed", {
      Body: Readable.from([body.slice(0, 7), body.slice(7)]),
      ContentLength: body.length,
    });

    expect(await text(LOGS, "streamed")).toBe(body);
    const head = await archivist.send(
      new HeadObjectCommand({ Bucket: LOGS, Key: "streamed", ChecksumMode: "ENABLED" }),
    );
    expect(head).toMatchObject({
      ContentLength: body.length,
      ServerSideEncryption: "AES256",
      ETag: `"${createHash("md5").update(body).digest("hex")}"`,
    });
    expect(head.ContentEncoding).toBeUndefined();
    expect(head.ChecksumCRC32).toMatch(/^[\w+/]{6}==$/u);
  });

  it("has 64 MB at most here", async () => {
    const mebibytes = (count: number) => ({ Body: Buffer.alloc(count * 1024 * 1024, 1) });

    await expect(put(LOGS, "large", mebibytes(63))).resolves.toMatchObject({});
    await expect(put(LOGS, "too-large", mebibytes(65))).rejects.toMatchObject({
      name: "EntityTooLarge",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("is refused where a checksum does not fit", async () => {
    for (const wrong of [
      { ChecksumCRC32: "AAAAAA==" },
      { ChecksumSHA256: createHash("sha256").update("other").digest("base64") },
      { ContentMD5: createHash("md5").update("other").digest("base64") },
    ])
      await expect(put(LOGS, "wrong", wrong)).rejects.toMatchObject({ name: "BadDigest" });
    await expect(archivist.send(new HeadObjectCommand({ Bucket: LOGS, Key: "wrong" }))).rejects.toMatchObject(
      {
        name: "NotFound",
      },
    );
  });

  it("is written once where the writer asks for that, also by two at a time", async () => {
    const once = () => put(ANCHORS, "anchors/000000000001.json", { IfNoneMatch: "*" });

    const outcomes = await Promise.allSettled([once(), once(), once()]);

    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(once()).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
  });

  it("is listed page by page in the order of the keys", async () => {
    for (const key of ["list/b", "list/a", "list/c<&>", "other"]) await put(ANCHORS, key);
    const list = async (more: object) =>
      archivist.send(new ListObjectsV2Command({ Bucket: ANCHORS, Prefix: "list/", ...more }));

    const first = await list({ MaxKeys: 2 });
    const second = await list({ ContinuationToken: first.NextContinuationToken });
    const later = await list({ StartAfter: "list/b" });

    expect(first.Contents?.map(({ Key }) => Key)).toEqual(["list/a", "list/b"]);
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2 });
    expect(second).toMatchObject({ IsTruncated: false, Contents: [{ Key: "list/c<&>", Size: 7 }] });
    expect(later.Contents?.map(({ Key }) => Key)).toEqual(["list/c<&>"]);
  });

  it("that is missing is a denial for who may not list the bucket", async () => {
    const read = (Bucket: string) => archivist.send(new GetObjectCommand({ Bucket, Key: "missing" }));

    await expect(read(ANCHORS)).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(read(EXPORTS)).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(read("no-such-bucket")).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("Object Lock", () => {
  const remove = (by: S3Client, Bucket: string, VersionId: string | undefined, bypass = false) =>
    by.send(
      new DeleteObjectCommand({
        Bucket,
        Key: "locked",
        VersionId,
        ...(bypass ? { BypassGovernanceRetention: true } : {}),
      }),
    );

  it("keeps every version for the bucket's retention and lets a mark hide it", async () => {
    const before = clock.now();
    const first = await put(ANCHORS, "locked", { Body: "first" });
    const second = await put(ANCHORS, "locked", { Body: "second" });

    const { Retention } = await archivist.send(
      new GetObjectRetentionCommand({ Bucket: ANCHORS, Key: "locked", VersionId: first.VersionId }),
    );
    expect(Retention?.Mode).toBe("GOVERNANCE");
    expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThanOrEqual(before + 30 * DAY_MS);
    for (const version of [first, second])
      await expect(remove(archivist, ANCHORS, version.VersionId)).rejects.toMatchObject({
        name: "AccessDenied",
      });

    const hidden = await archivist.send(new DeleteObjectCommand({ Bucket: ANCHORS, Key: "locked" }));

    expect(hidden.DeleteMarker).toBe(true);
    await expect(text(ANCHORS, "locked")).rejects.toMatchObject({ name: "NoSuchKey" });
    const old = await archivist.send(
      new GetObjectCommand({ Bucket: ANCHORS, Key: "locked", VersionId: first.VersionId }),
    );
    expect(await old.Body?.transformToString()).toBe("first");
  });

  it("opens in governance mode only to who may bypass it, and in compliance mode to nobody", async () => {
    const keeper = client("keeper");
    const governed = await put(ANCHORS, "locked");
    const strict = await put(STRICT, "locked");

    await expect(remove(archivist, ANCHORS, governed.VersionId, true)).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(remove(keeper, ANCHORS, governed.VersionId)).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(remove(keeper, STRICT, strict.VersionId, true)).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(remove(keeper, ANCHORS, governed.VersionId, true)).resolves.toMatchObject({});
    expect(aws.s3.bucket(ANCHORS)?.find("locked", governed.VersionId)).toBeUndefined();
    expect(aws.s3.bucket(STRICT)?.find("locked", strict.VersionId)).toBeDefined();
  });

  it("ends with the retention, on the local clock", async () => {
    const strict = await put(STRICT, "locked");

    clock.advanceTo(clock.now() + 30 * DAY_MS + 1000);

    await expect(remove(archivist, STRICT, strict.VersionId)).resolves.toMatchObject({});
    expect(aws.s3.bucket(STRICT)?.find("locked", strict.VersionId)).toBeUndefined();
  });
});

describe("a call to S3", () => {
  it("is denied without its permission, without the bucket's key, and by the bucket's policy", async () => {
    const unkeyed = client("unkeyed");
    await put(EXPORTS, "readable");
    const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };

    await expect(put(ANCHORS, "x", {}, unkeyed)).rejects.toMatchObject(denied);
    await expect(put(EXPORTS, "x", {}, unkeyed)).rejects.toMatchObject(denied);
    await expect(text(EXPORTS, "readable", unkeyed)).rejects.toMatchObject(denied);
    await expect(put(EXPORTS, "sealed/x")).rejects.toMatchObject(denied);
    await expect(put(EXPORTS, "once/x")).rejects.toMatchObject(denied);
    await expect(put(EXPORTS, "once/x", { IfNoneMatch: "*" })).resolves.toMatchObject({});
    await expect(put(EXPORTS, "x", { ServerSideEncryption: "AES256" })).rejects.toMatchObject(denied);
    await expect(put(EXPORTS, "x", { ServerSideEncryption: "aws:kms" })).resolves.toMatchObject({});
    await expect(
      unkeyed.send(new HeadObjectCommand({ Bucket: EXPORTS, Key: "readable" })),
    ).resolves.toMatchObject({ ContentLength: 7 });
    expect(aws.calls().filter(({ function: name, allowed }) => name === "unkeyed" && !allowed)).toMatchObject(
      [
        { service: "s3", action: "PutObject", resource: `arn:aws:s3:::${ANCHORS}/x` },
        { service: "s3", action: "PutObject", resource: `arn:aws:s3:::${EXPORTS}/x` },
        { service: "s3", action: "GetObject", resource: `arn:aws:s3:::${EXPORTS}/readable` },
      ],
    );
  });

  it("is refused where it asks for what is not imitated", async () => {
    for (const more of [
      { Tagging: "a=b" },
      { ObjectLockLegalHoldStatus: "ON" as const },
      { IfNoneMatch: '"etag"' },
    ])
      await expect(put(ANCHORS, "x", more)).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("is read in part where a range is asked for", async () => {
    await put(EXPORTS, "ten", { Body: "0123456789" });
    const part = async (Range: string) => {
      const read = await archivist.send(new GetObjectCommand({ Bucket: EXPORTS, Key: "ten", Range }));
      return [read.$metadata.httpStatusCode, read.ContentRange, await read.Body?.transformToString()];
    };

    expect(await part("bytes=2-4")).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await part("bytes=8-20")).toEqual([206, "bytes 8-9/10", "89"]);
    expect(await part("bytes=-3")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part("bytes=6-")).toEqual([206, "bytes 6-9/10", "6789"]);
    expect(await part("bytes=0-1,4-5")).toEqual([200, undefined, "0123456789"]);
    await expect(part("bytes=10-")).rejects.toMatchObject({ name: "InvalidRange" });
  });

  it("meets faults like any other", async () => {
    const faults = createFaults();
    aws.setInterceptor(
      createFaultInterceptor(faults, {
        endInstance: async (_call, _end, atEnd) => atEnd(),
        letPass: () => undefined,
        longestInvocationMs: () => 1000,
      }),
    );
    faults.set({ service: "s3", action: "PutObject", when: "before", kind: "throttle", skip: 0, times: 1 });
    faults.set({ service: "s3", action: "PutObject", when: "after", kind: "crash", skip: 0, times: 1 });

    await expect(put(ANCHORS, "faulty")).rejects.toMatchObject({
      name: "SlowDown",
      $metadata: { httpStatusCode: 503 },
    });
    expect(aws.s3.bucket(ANCHORS)?.find("faulty")).toBeUndefined();
    await expect(put(ANCHORS, "faulty")).rejects.toThrow();
    expect(aws.s3.bucket(ANCHORS)?.find("faulty")).toBeDefined();
    aws.setInterceptor(undefined);
  });
});

describe("a bucket of the template", () => {
  it("stops the start where it says what this host does not know", async () => {
    const bucket = { Type: "AWS::S3::Bucket", Properties: { ReplicationConfiguration: {} } };

    await expect(startSmallStack({ Resources: { Copied: bucket } })).rejects.toThrow(
      "does not know the property ReplicationConfiguration",
    );
  });
});
