import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entryLine, headLine } from "#infra/audit/samples/sample-export.ts";
import { SEGMENT_PLACES } from "#infra/audit/verify/spill.ts";
import { nextEntry } from "#shared/audit/chain.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { type Line, SampleFolder } from "./sample-folder.ts";

const BEYOND = 20;
const CHAIN = "actor#client_1";
const EVENT = { action: "message.refused", actor: "client_1", role: "integration", requestId: "req-1" };
const MADE = { id: "aud_1", at: new Date("2026-01-05T02:10:00.000Z"), function: "messages" };

let folder: SampleFolder;
let entries: readonly AuditEntry[];
let others: readonly Line[];
beforeAll(async () => {
  folder = await SampleFolder.make({ entries: 60, files: 1, hours: 2 });
  others = folder.lines;
  const made: AuditEntry[] = [];
  while (made.length < SEGMENT_PLACES + BEYOND) made.push(nextEntry(EVENT, made.at(-1) ?? null, MADE));
  entries = made;
});
afterAll(() => folder.remove());

/** The sample's record and the long chain, as far as it is kept. */
async function verifyWith(chain: readonly AuditEntry[]) {
  const last = entries.at(-1) as AuditEntry;
  const texts = [...chain.map(entryLine), headLine(last)];
  const lines = texts.map((text): Line => ({ pk: CHAIN, sk: "", text }));
  folder.rewrite(() => [...others, ...lines]);
  return folder.verify();
}

describe("a chain that is longer than what is judged at a time", () => {
  it("is proved", async () => {
    const { counts, told } = await verifyWith(entries);

    expect(counts).toEqual({});
    expect(told.entries).toBe(others.filter(({ sk }) => sk !== "head").length + entries.length);
    expect(told.unanchored).toBeGreaterThanOrEqual(entries.length);
  });

  it("is named where entries on both sides of the border are gone", async () => {
    const { counts, told } = await verifyWith(
      entries.filter(({ sequence }) => Math.abs(sequence - SEGMENT_PLACES) > 2),
    );

    expect(counts).toEqual({ "entry-missing": 1 });
    expect(told.findings[0]).toMatchObject({
      chain: CHAIN,
      sequence: SEGMENT_PLACES - 2,
      says: expect.stringContaining(String(SEGMENT_PLACES + 2)),
    });
  });

  it("is named where the first entry behind the border does not follow the one before it", async () => {
    const before = entries.slice(0, SEGMENT_PLACES - 1);
    const forged = nextEntry({ ...EVENT, role: "admin" }, before.at(-1) ?? null, MADE);

    const { counts, told } = await verifyWith([...before, forged, ...entries.slice(SEGMENT_PLACES)]);

    expect(counts).toEqual({ "chain-broken": 1 });
    expect(told.findings[0]).toMatchObject({ chain: CHAIN, sequence: SEGMENT_PLACES + 1 });
  });
});
