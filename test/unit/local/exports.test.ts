import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

/** Reads the plain files of a tar archive. */
function untar(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let offset = 0; offset + 512 <= archive.length; ) {
    const name = archive.toString("utf8", offset, offset + 100).replace(/\0.*$/s, "");
    if (name === "") break;
    const size = Number.parseInt(archive.toString("utf8", offset + 124, offset + 136), 8);
    files.set(name, archive.subarray(offset + 512, offset + 512 + size));
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

describe("an export of a local table", () => {
  let aws: Aws;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ aws, stop } = await startSmallStack());
  });
  afterAll(() => stop());

  it("has AWS's own layout: manifests with checksums and gzipped lines of items", async () => {
    const client = new DynamoDBClient(clientOf(aws, "worker"));
    for (const pk of ["a", "b", "c"]) {
      await client.send(
        new PutItemCommand({
          TableName: aws.tables.names()[0],
          Item: { pk: { S: pk }, sk: { S: "x" }, bytes: { B: Buffer.from(pk) } },
        }),
      );
    }

    const files = untar(await aws.exportTable("Items"));

    const named = (end: string) => [...files].find(([path]) => path.endsWith(end))?.[1] ?? Buffer.alloc(0);
    const [root] = [...files.keys()][0]?.split("/_started") ?? [];
    expect(root).toMatch(/^AWSDynamoDB\/\d{14}-[0-9a-f]{8}$/);
    for (const manifest of ["manifest-summary", "manifest-files"]) {
      const digest = createHash("md5")
        .update(named(`${manifest}.json`))
        .digest("base64");
      // The guide's name, and the one that real exports have.
      expect(named(`${manifest}.checksum`).toString()).toBe(digest);
      expect(named(`${manifest}.md5`).toString()).toBe(digest);
    }
    const summary = JSON.parse(named("manifest-summary.json").toString()) as Record<string, unknown>;
    expect(summary).toMatchObject({
      version: "2020-06-30",
      itemCount: 3,
      outputFormat: "DYNAMODB_JSON",
      manifestFilesS3Key: `${root}/manifest-files.json`,
    });
    const items = named("manifest-files.json")
      .toString()
      .trim()
      .split("\n")
      .flatMap((line) => {
        const entry = JSON.parse(line) as { itemCount: number; md5Checksum: string; dataFileS3Key: string };
        const data = files.get(entry.dataFileS3Key) ?? Buffer.alloc(0);
        expect(entry.md5Checksum).toBe(createHash("md5").update(data).digest("base64"));
        return gunzipSync(data).toString().trim().split("\n");
      })
      .map((line) => JSON.parse(line) as { Item: Record<string, unknown> });
    expect(items.map(({ Item }) => Item["pk"])).toEqual(
      expect.arrayContaining([{ S: "a" }, { S: "b" }, { S: "c" }]),
    );
    expect(items.find(({ Item }) => JSON.stringify(Item["pk"]) === '{"S":"a"}')?.Item["bytes"]).toEqual({
      B: "YQ==",
    });
    client.destroy();
  });

  it("exists only for tables of the template", async () => {
    await expect(aws.exportTable("Other")).rejects.toThrow(RangeError);
  });
});
