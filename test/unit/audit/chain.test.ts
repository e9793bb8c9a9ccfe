import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainOf, GENESIS_HASH, hashEntry, nextEntry } from "#shared/audit/chain.ts";
import type { AuditEntry, AuditEvent, AuditValue } from "#shared/audit/journal.ts";
import { PATIENT_ID } from "#test/support/builders.ts";

const EVENT: AuditEvent = {
  action: "message.accepted",
  actor: "staff_1",
  role: "frontdesk",
  patientId: PATIENT_ID,
  requestId: "request-1",
  details: { messageId: "msg_1", receipt: { tier: 2, voices: ["rule", "model"] } },
};
const MADE = { id: "aud_1", at: new Date("2026-11-04T17:00:00Z"), function: "messages" };

function withoutHash({ hash: _hash, ...rest }: AuditEntry): Omit<AuditEntry, "hash"> {
  return rest;
}

/** The same value with every object's members in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reordered(member)]),
  );
}

describe("an audit chain", () => {
  it("begins with number 1 on a hash of zeros", () => {
    const entry = nextEntry(EVENT, null, MADE);

    expect(entry).toMatchObject({ sequence: 1, previousHash: GENESIS_HASH, chain: PATIENT_ID });
    expect(GENESIS_HASH).toMatch(/^0{64}$/);
  });

  it("goes on by one, each entry holding the hash of the one before", () => {
    const first = nextEntry(EVENT, null, MADE);
    const second = nextEntry(EVENT, first, { ...MADE, id: "aud_2" });

    const third = nextEntry(EVENT, second, { ...MADE, id: "aud_3" });

    expect([first, second, third].map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect([second.previousHash, third.previousHash]).toEqual([first.hash, second.hash]);
  });

  it("is the patient's where the event concerns one, else the actor's", () => {
    const { patientId: _patient, ...general } = EVENT;

    expect(chainOf(EVENT)).toBe(PATIENT_ID);
    expect(chainOf(general)).toBe("actor#staff_1");
    expect(nextEntry(general, null, MADE)).not.toHaveProperty("patientId");
  });
});

describe("an entry's hash", () => {
  it("is the SHA-256 of the canonical JSON of everything else", () => {
    const entry = nextEntry({ action: "a.b", actor: "staff_1", role: "admin", requestId: "r" }, null, MADE);

    const canonical =
      '{"action":"a.b","actor":"staff_1","at":"2026-11-04T17:00:00.000Z","chain":"actor#staff_1",' +
      `"function":"messages","id":"aud_1","previousHash":"${GENESIS_HASH}","requestId":"r",` +
      '"role":"admin","sequence":1}';
    expect(entry.hash).toBe(createHash("sha256").update(canonical).digest("hex"));
  });

  it("does not depend on the order in which members were written", () => {
    const details = fc.dictionary(
      fc.string(),
      fc.jsonValue({ maxDepth: 3 }).map((value) => value as AuditValue),
    );

    fc.assert(
      fc.property(details, (made) => {
        const entry = withoutHash(nextEntry({ ...EVENT, details: made }, null, MADE));

        expect(hashEntry(reordered(entry) as typeof entry)).toBe(hashEntry(entry));
      }),
    );
  });

  it("differs when any member differs", () => {
    const entry = withoutHash(nextEntry(EVENT, null, MADE));
    const others = Object.keys(entry).map((name) => ({ ...entry, [name]: "another" }));

    const hashes = [entry, ...others].map(hashEntry);

    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
