import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClockBuffer, installClock } from "#infra/local/aws/clock.ts";
import { type Host, openHost } from "#infra/local/host.ts";
import type { Stack } from "#infra/local/stack.ts";
import { writeFixture } from "../../support/fixture-stack/template.ts";
import { unpackTar } from "../../support/table-export.ts";
import { bucketTemplate } from "../local/bucket-stack.ts";

const { AuditKey, AccessLogs, AnchorsBucket, ExportsBucket, Lasting } = bucketTemplate.Resources;
const templatePath = writeFixture({
  AuditKey,
  AccessLogs,
  AnchorsBucket,
  ExportsBucket,
  Audit: Lasting,
  Consents: Lasting,
});
let host: Host;
let stack: Stack;

beforeAll(async () => {
  host = await openHost({ port: 0, clock: installClock(createClockBuffer()) });
  stack = await host.load(templatePath);
  const put = (bucket: string, key: string, text: string, contentType?: string) =>
    stack.aws.s3.bucket(bucket)?.put(key, { content: Buffer.from(text), contentType });
  put("fixture-anchorsbucket", "anchors/000000000001.json", "{}", "application/json");
  put("fixture-anchorsbucket", "anchor-keys/ab.pem", "PEM");
  put("fixture-anchorsbucket", "other/thing", "-");
  put("fixture-exportsbucket", "tables/a b/c.txt", "words");
  put("fixture-accesslogs", "a b/é.txt", "line");
}, 60_000);
afterAll(async () => {
  await host.stop();
  rmSync(dirname(templatePath), { recursive: true });
});

const get = (path: string) => fetch(`${host.base}/_local${path}`);
const tar = async (path: string) => unpackTar(Buffer.from(await (await get(path)).arrayBuffer()));

describe("the buckets of a local host", () => {
  it("are listed with their objects and what holds these", async () => {
    const { items } = (await (await get("/objects")).json()) as {
      items: { logicalId: string; objectLock: boolean; objects: object[] }[];
    };

    expect(items.map(({ logicalId, objectLock }) => [logicalId, objectLock])).toEqual([
      ["AccessLogs", false],
      ["AnchorsBucket", true],
      ["ExportsBucket", false],
    ]);
    expect(items[1]?.objects).toMatchObject([
      { key: "anchor-keys/ab.pem", size: 3, lock: { mode: "GOVERNANCE" } },
      { key: "anchors/000000000001.json" },
      { key: "other/thing" },
    ]);
  });

  it("give single objects by the bucket's name, its logical id or how that begins", async () => {
    for (const bucket of ["fixture-anchorsbucket", "AnchorsBucket", "Anchors"]) {
      const answer = await get(`/objects/${bucket}/anchors/000000000001.json`);
      expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
        200,
        "application/json",
        "{}",
      ]);
    }
    expect(await (await get(`/objects/AccessLogs/${encodeURI("a b/é.txt")}`)).text()).toBe("line");
  });

  it("come as a whole in one archive", async () => {
    const files = await tar("/objects/Exports.tar");

    expect([...files.entries()].map(([path, content]) => [path, content.toString()])).toEqual([
      ["tables/a b/c.txt", "words"],
    ]);
  });

  it.each([
    "/objects/None/key",
    "/objects/Anchors/none",
    "/objects/Anchors/%ff",
    "/objects/None.tar",
    "/objects/Nowhere.tar",
  ])("do not have %s", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.text()).not.toMatch(/None|none/u);
  });
});

describe("the export of the audit table", () => {
  it("has the anchors and their keys beside it, and no other table's has", async () => {
    const audit = [...(await tar("/exports/Audit")).keys()];
    const consents = [...(await tar("/exports/Consents")).keys()];

    expect(audit.filter((path) => !path.startsWith("AWSDynamoDB/"))).toEqual([
      "anchor-keys/ab.pem",
      "anchors/000000000001.json",
    ]);
    expect(audit.some((path) => path.endsWith("/manifest-summary.json"))).toBe(true);
    expect(consents.every((path) => path.startsWith("AWSDynamoDB/"))).toBe(true);
  });
});
