import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AnchoredHead } from "#shared/audit/anchor.ts";
import { headShardOf, nextEntry } from "#shared/audit/chain.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { DataFileWriter } from "./data-file.ts";
import { attributesOf } from "./dynamodb-json.ts";
import { EXPORT_ROOT, type ListedFile, writeManifests } from "./manifests.ts";
import { SeededRandom } from "./random.ts";
import { newSampleKey, SampleAnchors } from "./sample-anchors.ts";
import { approvals, messageEvents, type SampleEvent, signIn, staffMember } from "./sample-events.ts";

/** What a made export shall hold. */
export interface SamplePlan {
  /** An empty folder. */
  readonly folder: string;
  /** About so many; whole chains are made. */
  readonly entries: number;
  readonly files: number;
  /** So many hours are covered by anchors, one each. */
  readonly hours: number;
  readonly seed: number;
}

/** What was made. */
export interface MadeSample {
  readonly entries: number;
  readonly chains: number;
  /** Of the key that signed the anchors. */
  readonly fingerprint: string;
}

const START_MS = Date.parse("2026-01-05T00:00:00.000Z");
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Of each hour, so that what is written falls into the anchor after it. */
const BUSY_MS = 35 * MINUTE_MS;
/** Between the last anchor and the export. */
const AGE_MS = 40 * MINUTE_MS;
const LENGTHS = [1, 3, 7, 7, 14, 14, 21, 28, 42, 200] as const;
const EXPORT_ID = "01767570000000-0a1b2c3d";
const ANCHOR_ACTOR = "function:anchor";
const STAFF_CHAINS_MAX = 20;
const COMPLIANCE = staffMember(99);

/** Makes a full export of an audit table that nobody touched, with its anchors, in the form of infra/audit/FORMAT.md. */
export async function makeSampleExport(plan: SamplePlan): Promise<MadeSample> {
  const { folder, files, hours } = plan;
  const random = new SeededRandom(plan.seed);
  const heads: AnchoredHead[][] = Array.from({ length: hours + 1 }, () => []);
  const key = newSampleKey();
  const anchors = new SampleAnchors(folder, START_MS, key);
  mkdirSync(join(folder, EXPORT_ROOT, EXPORT_ID, "data"), { recursive: true });
  const listed: ListedFile[] = [];
  let entries = 0;
  let chains = 0;
  for (let number = 0; number < files; number += 1) {
    const dataFileS3Key = `${EXPORT_ROOT}/${EXPORT_ID}/data/${String(number).padStart(26, "s")}.json.gz`;
    const file = new DataFileWriter(join(folder, dataFileS3Key));
    const isLast = number === files - 1;
    const quota = Math.ceil((plan.entries * (number + 1)) / files) - (isLast ? hours : 0);
    const write = async (chain: Iterable<AuditEntry>) => {
      let head: AuditEntry | undefined;
      for (const entry of chain) {
        await file.add(entryLine(entry));
        head = entry;
        entries += 1;
      }
      if (head === undefined) return;
      await file.add(headLine(head));
      chains += 1;
    };
    if (number === 0) {
      const staff = Math.min(STAFF_CHAINS_MAX, Math.floor(plan.entries / 50));
      for (let member = 0; member < staff; member += 1)
        await write(staffChain(staffMember(member), hours, heads, random));
      await write(approvalsChain(heads, random));
    }
    while (entries < quota) await write(patientChain(hours, heads, random));
    // Last, for each anchor holds the heads of all others, and of this one up to the anchor before.
    if (isLast) await write(anchorChain(anchors, heads, random));
    listed.push({ ...(await file.end()), dataFileS3Key });
  }
  writeManifests(folder, EXPORT_ID, listed, {
    exportTime: new Date(START_MS + hours * HOUR_MS + AGE_MS).toISOString(),
  });
  return { entries, chains, fingerprint: key.fingerprint };
}

function* patientChain(hours: number, heads: AnchoredHead[][], random: SeededRandom): Generator<AuditEntry> {
  const patientId = random.id("pat");
  const length = LENGTHS[random.below(LENGTHS.length)] ?? 1;
  const messages = Math.ceil(length / 7);
  let hour = random.below(hours + 1);
  let last: AuditEntry | null = null;
  let atMs = 0;
  let left = length;
  for (let message = 0; message < messages; message += 1) {
    // Two messages an hour, then a pause, while there are hours left.
    if (message > 0 && (message % 2 === 1 || hour === hours)) atMs += MINUTE_MS / 3;
    else {
      if (message > 0) hour = Math.min(hours, hour + 1 + random.below(Math.ceil(hours / messages)));
      atMs = START_MS + hour * HOUR_MS + random.below(BUSY_MS / 2);
    }
    for (const { event, function: name } of messageEvents(patientId, random).slice(0, left)) {
      atMs += random.below(300);
      last = next(event, last, atMs, name, random);
      yield last;
      left -= 1;
    }
    if (message % 2 === 1 || message === messages - 1 || hour === hours) remember(heads, hour, last);
  }
}

function* staffChain(
  actor: string,
  hours: number,
  heads: AnchoredHead[][],
  random: SeededRandom,
): Generator<AuditEntry> {
  let last: AuditEntry | null = null;
  for (let hour = random.below(hours); hour <= hours; hour += 1 + random.below(8)) {
    const { event, function: name } = signIn(actor, random);
    last = next(event, last, START_MS + hour * HOUR_MS + random.below(BUSY_MS), name, random);
    yield last;
    remember(heads, hour, last);
  }
}

function* approvalsChain(heads: readonly AnchoredHead[][], random: SeededRandom): Generator<AuditEntry> {
  let last: AuditEntry | null = null;
  for (const { event, function: name } of approvals(COMPLIANCE, random)) {
    last = next(event, last, START_MS, name, random);
    yield last;
  }
  remember(heads, 0, last);
}

function* anchorChain(
  anchors: SampleAnchors,
  heads: readonly AnchoredHead[][],
  random: SeededRandom,
): Generator<AuditEntry> {
  let last: AuditEntry | null = null;
  for (const moved of heads.slice(0, -1)) {
    const { atMs, details } = anchors.add(last === null ? moved : [...moved, headOf(last)]);
    const event = {
      action: "anchor.signed",
      actor: ANCHOR_ACTOR,
      role: "function",
      requestId: random.uuid(),
      details,
    };
    last = next(event, last, atMs + 3000, "anchor", random);
    yield last;
  }
}

function next(
  event: SampleEvent["event"],
  last: AuditEntry | null,
  atMs: number,
  name: string,
  random: SeededRandom,
): AuditEntry {
  return nextEntry(event, last, { id: random.id("aud"), at: new Date(atMs), function: name });
}

function headOf({ chain, hash, sequence }: AuditEntry): AnchoredHead {
  return { chain, hash, sequence };
}

/** A chain's newest head of an hour is the one that its anchor names. */
function remember(heads: readonly AnchoredHead[][], hour: number, last: AuditEntry | null): void {
  const moved = heads[hour];
  if (moved === undefined || last === null) return;
  if (moved.at(-1)?.chain === last.chain) moved.pop();
  moved.push(headOf(last));
}

/** The line of an entry, as an export has it. */
export function entryLine(entry: AuditEntry): string {
  const sk = String(entry.sequence).padStart(12, "0");
  return JSON.stringify({ Item: attributesOf({ pk: entry.chain, sk, ...entry }) });
}

/** The line of the head of the chain whose newest entry this is. */
export function headLine({ chain, sequence, hash, at }: AuditEntry): string {
  const item = { pk: chain, sk: "head", sequence, hash, at, headShard: headShardOf(chain) };
  return JSON.stringify({ Item: attributesOf(item) });
}
