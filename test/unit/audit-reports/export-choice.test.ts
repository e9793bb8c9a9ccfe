import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { findExports } from "#infra/audit/report/exports.ts";
import { exportFolder, type ToldExport, writeManifest } from "./export-folder.ts";

const UNTIL = "2026-11-22T00:00:00.000Z";
const LATER = "2026-11-23T00:00:00.000Z";
const FULL = { table: "Audit", items: [{ pk: "pat_1", sk: "head" }], until: UNTIL } as const;

const made: { readonly remove: () => void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

function aFolder(...exports: readonly ToldExport[]): string {
  const found = exportFolder(exports);
  made.push(found);
  return found.folder;
}

/** The manifests of the first export without the ending of their names. */
const firstManifest = (folder: string, name: string) =>
  join(folder, "tables/Audit/AWSDynamoDB/01700000000000-0123abcd", name);

describe("the exports that reports read", () => {
  it("are chosen by the ends of their windows, the latest last", () => {
    const window = { table: "Audit", kind: "incremental", items: [], from: UNTIL } as const;
    const inner = { ...window, from: "2026-11-22T05:00:00.000Z", until: "2026-11-22T06:00:00.000Z" };
    const folder = aFolder(FULL, { ...window, until: LATER }, inner);

    const { exports, stateMs } = findExports(folder).Audit;

    expect(exports.map(({ toMs }) => new Date(toMs).toISOString())).toEqual([UNTIL, inner.until, LATER]);
    expect(new Date(stateMs).toISOString()).toBe(LATER);
  });

  it("may be those of the local host, whose tables have plain names", () => {
    const folder = aFolder(FULL);
    const path = firstManifest(folder, "manifest-summary");
    writeManifest(path, readFileSync(`${path}.json`, "utf8").replaceAll("AuditABCD1234-XYZ", "Audit"));

    expect(findExports(folder).Audit.exports).toHaveLength(1);
  });

  it("are none of another table of a stack that is named after this one", () => {
    const folder = aFolder(FULL, { ...FULL, table: "Practice" });
    const path = join(folder, "tables/Practice/AWSDynamoDB/01700000000001-0123abcd/manifest-summary");
    writeManifest(path, readFileSync(`${path}.json`, "utf8").replaceAll("Foundphone-", "my-Audit-"));

    const { Audit, Practice } = findExports(folder);

    expect([Audit, Practice].map(({ exports }) => exports.length)).toEqual([1, 1]);
  });

  it.each([
    ["two full ones of one time", () => aFolder(FULL, FULL), /one time/u],
    [
      "a manifest without its checksum",
      () => {
        const folder = aFolder(FULL);
        rmSync(`${firstManifest(folder, "manifest-files")}.md5`);
        return folder;
      },
      /verify it first/u,
    ],
    [
      "a summary that tells no count",
      () => {
        const folder = aFolder(FULL);
        const path = firstManifest(folder, "manifest-summary");
        writeManifest(path, readFileSync(`${path}.json`, "utf8").replace('"itemCount"', '"count"'));
        return folder;
      },
      /cannot be read/u,
    ],
  ])("are refused where there are %s", (_what, folderOf, words) => {
    expect(() => findExports(folderOf())).toThrow(words);
  });
});
