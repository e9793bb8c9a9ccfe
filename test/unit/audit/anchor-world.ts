import { generateKeyPairSync } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { signDigest } from "#infra/local/aws/keys/digest-signature.ts";
import { type Anchor, type AnchoredHead, anchorKey, sha256Hex } from "#shared/audit/anchor.ts";
import { headShardOf, nextEntry } from "#shared/audit/chain.ts";
import type { AuditEntry, AuditEvent } from "#shared/audit/journal.ts";
import { ANCHOR_ACTOR, createMakeAnchors, type MakeAnchorsPorts } from "#shared/audit/make-anchors.ts";

/** When the world's clock starts. */
export const START = Date.parse("2026-11-04T17:00:00.000Z");
export const MINUTE = 60_000;

/** A store that keeps the first object of each key. `failAt` makes the put of a key fail, before or after it took effect. */
function createObjects() {
  const objects = new Map<string, Uint8Array>();
  const state: { failAt: { pattern: RegExp; when: "before" | "after" } | undefined } = { failAt: undefined };
  return {
    objects,
    state,
    add: async (key: string, content: string | Uint8Array) => {
      const fails = state.failAt?.pattern.test(key) === true ? state.failAt.when : undefined;
      if (fails !== undefined) state.failAt = undefined;
      if (fails === "before") throw new Error("unreachable");
      const exists = objects.has(key);
      if (!exists) objects.set(key, Buffer.from(content as Uint8Array));
      if (fails === "after") throw new Error("no answer");
      return exists ? ("exists" as const) : ("added" as const);
    },
    get: async (key: string) => {
      const content = objects.get(key);
      if (content === undefined) throw new Error("no such object");
      return content;
    },
  };
}

/** Audit chains in memory, with anchors made over them. */
export function createAnchorWorld(choices: { readonly headsMax?: number } = {}) {
  const clock = { time: START };
  const now = () => new Date(clock.time);
  const chains = new Map<string, AuditEntry[]>();
  const locked = createObjects();
  const copies = createObjects();
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = publicKey.export({ format: "der", type: "spki" });
  let entryIds = 0;

  function append(event: AuditEvent, at = now()): AuditEntry {
    const head = chains.get(event.patientId ?? `actor#${event.actor}`)?.at(-1) ?? null;
    entryIds += 1;
    const entry = nextEntry(event, head, { id: `aud_${entryIds}`, at, function: "test" });
    chains.set(entry.chain, [...(chains.get(entry.chain) ?? []), entry]);
    return entry;
  }

  const journalState: { failNext: string | undefined } = { failNext: undefined };
  const ports: MakeAnchorsPorts = {
    headsOfShard: async (shard, from, limit) => {
      const heads = [...chains.values()]
        .map((entries) => entries.at(-1) as AuditEntry)
        .filter(({ chain, at }) => headShardOf(chain) === shard && (from === null || at >= from))
        .map(({ chain, hash, sequence, at }) => ({ chain, hash, sequence, at }))
        .toSorted((one, other) => (one.at < other.at ? -1 : 1));
      return { heads: heads.slice(0, limit), more: heads.length > limit };
    },
    lastEntry: async () => {
      const last = chains.get(`actor#${ANCHOR_ACTOR}`)?.at(-1);
      return last === undefined ? null : { action: last.action, at: last.at, details: last.details ?? {} };
    },
    journal: {
      record: async (event) => {
        if (journalState.failNext === event.action) {
          journalState.failNext = undefined;
          throw new Error("unreachable");
        }
        return append(event);
      },
    },
    key: {
      publicKey: async () => der,
      sign: async (digest) => signDigest(privateKey, Buffer.from(digest)),
    },
    locked,
    copies,
    compress: async (text) => gzipSync(text),
    decompress: async (content) => gunzipSync(content).toString("utf8"),
    now,
    everyMinutes: 60,
    ...choices,
  };

  const stored = (number: number) =>
    Buffer.from(locked.objects.get(anchorKey(number)) ?? "").toString("utf8");
  const entriesOf = (action: string) =>
    (chains.get(`actor#${ANCHOR_ACTOR}`) ?? []).filter((entry) => entry.action === action);
  const anchor = (number: number): Anchor => JSON.parse(stored(number));
  return {
    clock,
    ports,
    locked,
    copies,
    der,
    journalState,
    chains,
    /** One entry in the chain of a patient, now unless told. */
    happens: (patientId: string, at?: Date) =>
      append({ action: "test.happened", actor: "staff_1", role: "clinician", patientId, requestId: "r" }, at),
    make: () => createMakeAnchors(ports)("request-1"),
    anchor,
    /** Heads of an anchor, as its file lists them. */
    headsOf: (number: number): readonly AnchoredHead[] =>
      gunzipSync(locked.objects.get(anchor(number).heads.file) ?? "")
        .toString("utf8")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    hashOf: (number: number) => sha256Hex(stored(number)),
    signedEntries: () => entriesOf("anchor.signed"),
    begunEntries: () => entriesOf("anchor.begun"),
  };
}
