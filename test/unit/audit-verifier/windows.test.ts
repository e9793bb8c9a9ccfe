import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { entryLine, headLine } from "#infra/audit/samples/sample-export.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { entryOf, type Line, lineOf, relinked, SampleFolder } from "./sample-folder.ts";

const FROM = "2026-01-05T03:40:00.000Z";
const MIDDLE = "2026-01-05T06:40:00.000Z";
const TO = "2026-01-05T08:40:00.000Z";
const FIRST_ID = "01767590000000-00000001";
const SECOND_ID = "01767600000000-00000002";

let sample: SampleFolder;
let folder: SampleFolder;
beforeAll(async () => {
  sample = await SampleFolder.make({ entries: 600, files: 1, hours: 8 });
});
afterAll(() => sample.remove());
afterEach(() => folder.remove());

/** The newest entry of each chain before a time. */
function headsAt(entries: readonly AuditEntry[], time: string): ReadonlyMap<string, AuditEntry> {
  return new Map(entries.filter(({ at }) => at < time).map((entry) => [entry.chain, entry]));
}

const imageOf = (line: string): unknown => (JSON.parse(line) as { readonly Item: unknown }).Item;

function record(image: unknown, old?: unknown): Line {
  const { pk, sk } = image as Readonly<Record<string, unknown>>;
  const Metadata = { WriteTimestampMicros: { N: "1767590000000000" } };
  return lineOf(JSON.stringify({ Metadata, Keys: { pk, sk }, NewImage: image, OldImage: old }));
}

/** The records of what a window changed. */
function windowLines(entries: readonly AuditEntry[], from: string, to: string): readonly Line[] {
  const written = entries.filter(({ at }) => at >= from && at < to);
  const before = headsAt(entries, from);
  const moved = new Map(written.map((entry) => [entry.chain, entry]));
  return [
    ...written.map((entry) => record(imageOf(entryLine(entry)))),
    ...[...moved].map(([chain, entry]) => {
      const old = before.get(chain);
      return record(imageOf(headLine(entry)), old === undefined ? undefined : imageOf(headLine(old)));
    }),
  ];
}

/** A folder with the sample's record as a full export and two windows after it. */
function cut(change: (lines: readonly Line[]) => readonly Line[] = (lines) => lines): readonly AuditEntry[] {
  folder = sample.copy();
  const entries = folder.lines.filter(({ sk }) => sk !== "head").map(entryOf);
  const full = [
    ...entries.filter(({ at }) => at < FROM).map(entryLine),
    ...[...headsAt(entries, FROM).values()].map(headLine),
  ];
  folder.rewrite(() => full.map(lineOf));
  folder.relist(folder.listed, { exportTime: FROM });
  folder.addWindow(FIRST_ID, FROM, MIDDLE, change(windowLines(entries, FROM, MIDDLE)));
  folder.addWindow(SECOND_ID, MIDDLE, TO, windowLines(entries, MIDDLE, TO));
  return entries;
}

const isEntry = ({ sk }: Line) => sk !== "head";

describe("a full export and the windows after it", () => {
  it("are proved together, as one record", async () => {
    const entries = cut();

    const { status, counts, told } = await folder.verify();

    expect([status, counts]).toEqual([0, {}]);
    expect(told).toMatchObject({ entries: entries.length, state: TO, verdict: "proved" });
    expect(told.exports.map(({ kind }) => kind)).toEqual(["full", "incremental", "incremental"]);
  });

  it("may overlap, where they agree", async () => {
    const entries = cut();
    folder.addWindow("01767601000000-00000003", FROM, TO, windowLines(entries, FROM, TO));

    expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
  });

  it("may lie inside each other, and an entry in two of them counts once", async () => {
    const entries = cut();
    folder.remove();
    folder = sample.copy();
    folder.rewrite(() => [
      ...entries.filter(({ at }) => at < FROM).map((entry) => lineOf(entryLine(entry))),
      ...[...headsAt(entries, FROM).values()].map((entry) => lineOf(headLine(entry))),
    ]);
    folder.relist(folder.listed, { exportTime: FROM });
    folder.addWindow(FIRST_ID, FROM, TO, windowLines(entries, FROM, TO));
    const inner = ["2026-01-05T04:40:00.000Z", MIDDLE] as const;
    folder.addWindow(SECOND_ID, ...inner, windowLines(entries, ...inner));

    const { status, counts, told } = await folder.verify();

    expect([status, counts]).toEqual([0, {}]);
    expect(told).toMatchObject({
      state: TO,
      entries: entries.length,
      heads: told.chains,
      texts: { count: entries.filter(({ action }) => action === "alert.claimed").length },
    });
  });

  it("are older than their anchors where the windows are gone", async () => {
    cut();
    const entries = folder.lines;
    folder.remove();
    folder = sample.copy();
    folder.rewrite(() => entries);
    folder.relist(folder.listed, { exportTime: FROM });

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ "export-older-than-anchors": 1 });
    expect(told.findings[0]?.says).toContain("POST /v1/audit/exports");
    expect((await folder.verify("--as-of-export")).status).toBe(0);
  });

  it("are named where a window is missing between them", async () => {
    const entries = cut();
    folder.remove();
    folder = sample.copy();
    folder.rewrite(() => [
      ...entries.filter(({ at }) => at < FROM).map((entry) => lineOf(entryLine(entry))),
      ...[...headsAt(entries, FROM).values()].map((entry) => lineOf(headLine(entry))),
    ]);
    folder.relist(folder.listed, { exportTime: FROM });
    folder.addWindow(SECOND_ID, MIDDLE, TO, windowLines(entries, MIDDLE, TO));

    const { counts } = await folder.verify();

    expect(counts).toMatchObject({ "window-missing": 1 });
  });

  it("tell of an entry that was removed, and of one that was written over", async () => {
    cut((lines) => {
      const isFollowed = ({ pk }: Line) => lines.some((line) => line.pk === pk && line.sk === "000000000003");
      const [first, second] = lines.filter((line) => line.sk === "000000000002" && isFollowed(line));
      if (first === undefined || second === undefined) throw new Error("The window is empty.");
      const [gone, over] = [first, second].map(
        ({ text }) => JSON.parse(text) as Readonly<Record<string, unknown>>,
      );
      return [
        lineOf(JSON.stringify({ ...gone, NewImage: undefined, OldImage: gone?.["NewImage"] })),
        lineOf(JSON.stringify({ ...over, OldImage: over?.["NewImage"] })),
        ...lines.filter((line) => line !== first && line !== second),
      ];
    });

    const { counts } = await folder.verify();

    expect(counts).toMatchObject({ deleted: 2, "entry-missing": 1 });
  });

  it("tell of the head of a chain that was removed", async () => {
    cut((lines) => {
      const head = lines.find((line) => !isEntry(line));
      const told = JSON.parse(head?.text ?? "{}") as Readonly<Record<string, unknown>>;
      const removed = lineOf(JSON.stringify({ ...told, NewImage: undefined, OldImage: told["NewImage"] }));
      return lines.map((line) => (line === head ? removed : line));
    });

    expect((await folder.verify()).counts).toMatchObject({ deleted: 1 });
  });

  it("are named where two of them hold different entries of one place", async () => {
    const entries = cut();
    const { chain } = entries.find(({ at, sequence }) => at < FROM && sequence === 1) as AuditEntry;
    const [forged] = relinked(
      entries.filter((each) => each.chain === chain).map((each) => ({ ...each, role: "x" })),
    );
    if (forged === undefined) throw new Error("There is no entry.");
    folder.addWindow("01767601000000-00000003", FROM, MIDDLE, [record(imageOf(entryLine(forged)))]);

    expect((await folder.verify()).counts).toEqual({ "entry-doubled": 1 });
  });

  it.each([
    [
      "an image under another key",
      (told: Readonly<Record<string, unknown>>) => ({
        ...told,
        Keys: { pk: { S: "pat_0" }, sk: { S: "000000000001" } },
      }),
      "misplaced",
    ],
    [
      "an old image of two types",
      (told: Readonly<Record<string, unknown>>) => ({ ...told, OldImage: { sk: { S: "head", N: "1" } } }),
      "line-unreadable",
    ],
    [
      "no keys",
      (told: Readonly<Record<string, unknown>>) => ({ ...told, Keys: undefined }),
      "line-unreadable",
    ],
  ])("are named where a record has %s", async (_what, change, kind) => {
    cut((lines) =>
      lines.map((line, at) =>
        at === 0
          ? {
              ...line,
              text: JSON.stringify(change(JSON.parse(line.text) as Readonly<Record<string, unknown>>)),
            }
          : line,
      ),
    );

    expect((await folder.verify()).counts).toHaveProperty([kind]);
  });
});

describe("the time that an export claims", () => {
  const early = "2026-01-05T00:10:00.000Z";

  it.each([[[]], [["--as-of-export"]]])("is found set back, with the options %j", async (options) => {
    folder = sample.copy();
    folder.relist(folder.listed, { exportTime: early });

    const { counts, told } = await folder.verify(...options);

    expect(counts).toHaveProperty("manifest-changed", 1);
    expect(told.findings[0]?.says).toContain("written after it");
  });

  it("excuses no entry that is missing before others that were written after it", async () => {
    folder = sample.copy();
    const victim = folder.lines.find(({ sk }) => sk === "000000000004")?.pk;
    folder.rewrite((lines) => lines.filter(({ pk, sk }) => pk !== victim || sk !== "000000000002"));
    folder.relist(folder.listed, { exportTime: early });

    const { counts } = await folder.verify("--as-of-export");

    expect(counts).toMatchObject({ "manifest-changed": 1, "entry-missing": 1 });
  });

  it("is found set back where all anchors were taken away with it", async () => {
    folder = sample.copy();
    rmSync(folder.at("anchors"), { recursive: true });
    folder.rewrite((lines) => lines.filter(({ pk }) => pk !== "actor#function:anchor"));
    folder.relist(folder.listed, { exportTime: early });

    expect((await folder.verify()).counts).toMatchObject({
      "manifest-changed": 1,
      "unanchored-too-long": expect.any(Number),
    });
  });

  it("of a window is found set back", async () => {
    const entries = cut();
    folder.addWindow(SECOND_ID, MIDDLE, "2026-01-05T07:00:00.000Z", windowLines(entries, MIDDLE, TO));

    expect((await folder.verify("--as-of-export")).counts).toMatchObject({ "manifest-changed": 1 });
  });

  it("is told where it is long ago, and where it lies in the future", async () => {
    folder = sample.copy();
    const old = await folder.verify("--format", "text");
    folder.relist(folder.listed, { exportTime: "2027-01-05T08:40:00.000Z" });
    const future = await folder.verify("--format", "text");

    expect(old.output).toMatch(/as it was \d+ hours ago/u);
    expect(future.output).toContain("lies in the future");
  });
});

describe("the moment of the export", () => {
  /** The record with one chain whose newest entries were written just then. */
  function withYoung(keep: (line: Line) => boolean): string {
    folder = sample.copy();
    const patient = "pat_01YYYYYYYYYYYYYYYYYYYYYYYY";
    const last = Date.parse(TO);
    const [model] = folder.chain(folder.lines.find(({ pk }) => pk.startsWith("pat_"))?.pk ?? "");
    if (model === undefined) throw new Error("The sample has no patient.");
    const young = [-90_000, -50_000, -10_000].map((agoMs, at) => ({
      ...model,
      action: "thread.read",
      details: {},
      patientId: patient,
      chain: patient,
      sequence: at + 1,
      at: new Date(last + agoMs).toISOString(),
    }));
    const made = relinked(young);
    const head = made.at(-1);
    if (head === undefined) throw new Error("There is no entry.");
    const lines = [...made.map(entryLine), headLine(head)].map(lineOf).filter(keep);
    folder.rewrite((known) => [...known, ...lines]);
    return patient;
  }

  it.each([
    ["a head whose entry is not there yet", ({ sk }: Line) => sk !== "000000000003"],
    ["entries whose head is not there yet", ({ sk }: Line) => sk !== "head"],
    ["an entry before others that is not there yet", ({ sk }: Line) => sk !== "000000000002"],
  ])("may show %s: it is told, and no finding", async (_what, keep) => {
    const patient = withYoung(keep);

    const { status, counts, told } = await folder.verify();

    expect([status, counts]).toEqual([0, {}]);
    expect(told.torn).toEqual({ count: 1, chains: [patient] });
  });
});
