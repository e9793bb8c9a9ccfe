import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalHost } from "../support/host.ts";
import { consentingPatient, expecting, sendMessage, startPractice } from "../support/practice.ts";
import { unpackTar } from "../support/table-export.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

type Files = ReadonlyMap<string, Buffer>;
type Summary = Readonly<Record<string, unknown>> & {
  readonly tableArn: string;
  readonly manifestFilesS3Key: string;
  readonly itemCount: number;
};
type Attributes = Readonly<Record<string, { readonly S?: string }>>;
type Line = { readonly Item?: Attributes; readonly Keys?: Attributes; readonly NewImage?: Attributes };

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
  await activity();
  await host.advance(DAY + HOUR);
  await activity();
  await host.advance(DAY);
  await activity();
  await host.advance(DAY);
}, 60_000);
afterAll(() => host.stop());

async function filesAt(path: string): Promise<Files> {
  const answer = await fetch(`${host.base}/_local${path}`);
  expect(answer.status).toBe(200);
  return unpackTar(Buffer.from(await answer.arrayBuffer()));
}

const at = (files: Files, path: string): Buffer => {
  const content = files.get(path);
  if (content === undefined) throw new Error("The export lacks a file that it names.");
  return content;
};

/** The summaries of the exports of one table, in the order of their windows. */
function summaries(files: Files, table: string): readonly Summary[] {
  return [...files]
    .filter(([path]) => path.endsWith("/manifest-summary.json"))
    .map(([, content]) => JSON.parse(content.toString()) as Summary)
    .filter(({ tableArn }) => new RegExp(`${table}[0-9A-F]{8}$`, "u").test(tableArn))
    .toSorted((one, other) => (timeOf(one) < timeOf(other) ? -1 : 1));
}

const timeOf = (summary: Summary): string => String(summary["exportTime"] ?? summary["exportToTime"]);

function linesOf(files: Files, { manifestFilesS3Key, itemCount }: Summary): readonly Line[] {
  const lines = at(files, manifestFilesS3Key)
    .toString()
    .trimEnd()
    .split("\n")
    .flatMap((text) => {
      const file = JSON.parse(text) as { md5Checksum: string; dataFileS3Key: string };
      const content = at(files, file.dataFileS3Key);
      expect(createHash("md5").update(content).digest("base64")).toBe(file.md5Checksum);
      return gunzipSync(content).toString().split("\n").slice(0, -1);
    });
  expect(lines).toHaveLength(itemCount);
  return lines.map((line) => JSON.parse(line) as Line);
}

const keyOf = (item: Attributes): string => `${item["pk"]?.S ?? ""}/${item["sk"]?.S ?? ""}`;

/** The table as the exports tell it: the full one, changed by each incremental one. */
function stateOf(files: Files, exports: readonly Summary[]): ReadonlyMap<string, Attributes> {
  const state = new Map<string, Attributes>();
  for (const summary of exports) {
    for (const { Item, Keys = {}, NewImage } of linesOf(files, summary)) {
      const image = Item ?? NewImage;
      if (image === undefined) state.delete(keyOf(Keys));
      else state.set(keyOf(image), image);
    }
  }
  return state;
}

async function activity(): Promise<void> {
  await sendMessage(host, await consentingPatient(host));
  await host.settled();
}

describe("exports of the tables that auditors need", () => {
  it("are made every day: a full one first, then what each window changed, and together they are the table", async () => {
    const files = await filesAt("/objects/Exports.tar");
    const [full, ...increments] = summaries(files, "Audit");
    if (full === undefined) throw new Error("There is no export.");
    expect(full["exportType"] ?? "FULL_EXPORT").toBe("FULL_EXPORT");
    expect(increments.length).toBeGreaterThanOrEqual(2);
    let until = timeOf(full);
    for (const summary of increments) {
      expect(summary["exportType"]).toBe("INCREMENTAL_EXPORT");
      // Windows are of whole seconds: the first one begins with the second in which the full export was made.
      expect(summary["exportFromTime"]).toBe(`${until.slice(0, "2026-01-01T00:00:00".length)}.000Z`);
      until = timeOf(summary);
    }

    // What was written since the last window is in no export yet.
    const present = await filesAt("/exports/Audit");
    const [whole] = summaries(present, "Audit");
    if (whole === undefined) throw new Error("There is no export.");
    const isSettled = (item: Attributes) => (item["at"]?.S ?? "") < until && item["sk"]?.S !== "head";
    const entries = [...stateOf(present, [whole])].filter(([, item]) => isSettled(item));
    expect(entries.length).toBeGreaterThan(20);
    const exported = stateOf(files, [full, ...increments]);
    for (const [key, item] of entries) expect(exported.get(key)).toEqual(item);
    expect([...exported.values()].filter((item) => item["sk"]?.S !== "head")).toHaveLength(entries.length);
  });

  it("are never of patients, content keys or messages", async () => {
    const files = await filesAt("/objects/Exports.tar");

    const tables = [...files.keys()].flatMap((path) => /^tables\/(\w+)\//u.exec(path)?.slice(1) ?? []);
    expect([...new Set(tables)].toSorted()).toEqual(["Audit", "Consents", "Practice"]);
    for (const table of ["Patients", "ContentKeys", "Messages"]) expect(summaries(files, table)).toEqual([]);
  });

  it("can be asked for by an auditor, and lie in the bucket at once", async () => {
    const before = summaries(await filesAt("/objects/Exports.tar"), "Audit").length;

    const { tables } = await expecting(
      202,
      host.api("POST", "/audit/exports", { kind: "full" }, "auditor", { "Idempotency-Key": "export-1" }),
    );

    const arns = (tables as readonly { readonly exportArn: string }[]).map(({ exportArn }) => exportArn);
    const files = await filesAt("/objects/Exports.tar");
    const audits = summaries(files, "Audit");
    expect(audits).toHaveLength(before + 1);
    expect(audits.filter(({ exportArn }) => arns.includes(String(exportArn)))).toHaveLength(1);
  });
});

describe("the local export of the audit table", () => {
  it("carries the anchors and their key that lie under Object Lock", async () => {
    const paths = [...(await filesAt("/exports/Audit")).keys()];
    const { body } = await host.local("GET", "/objects");
    const { items } = body as {
      readonly items: readonly {
        readonly logicalId: string;
        readonly objectLock: boolean;
        readonly objects: readonly { readonly key: string; readonly lock?: object }[];
      }[];
    };
    const locked = items.find(({ logicalId, objectLock }) => logicalId.startsWith("Anchors") && objectLock);

    expect(locked?.objects.length).toBeGreaterThanOrEqual(3);
    expect(locked?.objects.every(({ lock }) => lock !== undefined)).toBe(true);
    expect(paths.filter((path) => path.startsWith("anchor")).toSorted()).toEqual(
      locked?.objects.map(({ key }) => key).toSorted(),
    );
    expect(paths).toContain("anchors/000000000001.json");
  });
});
