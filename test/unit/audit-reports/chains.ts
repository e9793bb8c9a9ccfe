import { nextEntry } from "#shared/audit/chain.ts";
import type { AuditEntry, AuditEvent } from "#shared/audit/journal.ts";
import { newId } from "#shared/runtime/ids.ts";
import { PATIENT_ID } from "#test/support/builders.ts";

/** What a test says of an entry; the rest stands in for what does not matter to it. */
export type Told = Partial<AuditEvent> & {
  readonly action: string;
  readonly at: string;
  readonly by?: string;
};

/** Entries as the journal makes them, each in the chain of its patient or else of its actor. */
export function chainsOf(told: readonly Told[]): readonly AuditEntry[] {
  const heads = new Map<string, AuditEntry>();
  return told.map(({ at, by = "messages", ...event }) => {
    const full = { actor: "staff_1", role: "frontdesk", requestId: "request-1", ...event };
    const chain = full.patientId ?? `actor#${full.actor}`;
    const entry = nextEntry(full, heads.get(chain) ?? null, {
      id: newId("aud", new Date(at)),
      at: new Date(at),
      function: by,
    });
    heads.set(chain, entry);
    return entry;
  });
}

/** The chain of one patient. */
export function chainOf(...told: readonly Told[]): readonly AuditEntry[] {
  return chainsOf(told.map((one) => ({ patientId: PATIENT_ID, ...one })));
}
