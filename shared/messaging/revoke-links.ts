import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { LinkRevocationReason } from "../domain/link-revocation-reasons.ts";
import {
  type KeyedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";
import { laterMark } from "./link-marks.ts";
import type { PatientStore } from "./ports.ts";
import { ALL_LINKS, type LinksMark, type PatientMarks } from "./records.ts";

/** Whose links to kill, and why. */
export type LinkRevocation =
  | { readonly scope: "patient"; readonly patientId: string; readonly reason: LinkRevocationReason }
  | { readonly scope: "sender"; readonly sender: string; readonly reason: LinkRevocationReason }
  | { readonly scope: "practice"; readonly reason: LinkRevocationReason };

/** What killing links needs. */
export interface RevokeLinksPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly messages: { marks(patientId: string): Lookup<PatientMarks> };
  readonly linkMarks: {
    linksMark(scope: string): Lookup<LinksMark>;
    /** Kills every link of a patient that was made at `before` or earlier; a conflict where a later mark stands. */
    revokePatientLinks(patientId: string, before: string): Write;
    /** The same for every link of a sender, or with `practice` all. */
    setLinksMark(scope: string, before: string): Write;
  };
  readonly patients: PatientStore;
  readonly now: () => Date;
}

/** What came of it. */
export type RevokeLinksOutcome = "revoked" | "unknown-patient" | "idempotency-conflict";

const RACES_MAX = 4;

/**
 * Kills the links of a patient, of whoever wrote the messages, or of the whole practice, with the sessions
 * and remembered devices that rest on them: one mark that every use is compared with, so that it takes
 * effect at once however many there are. What is sent after it is not touched.
 */
export function createRevokeLinks(ports: RevokeLinksPorts) {
  const { read, journal, memory, messages, linkMarks, patients, now } = ports;

  function markOf(revocation: LinkRevocation, before: string): Write {
    switch (revocation.scope) {
      case "patient":
        return linkMarks.revokePatientLinks(revocation.patientId, before);
      case "sender":
        return linkMarks.setLinksMark(revocation.sender, before);
      case "practice":
        return linkMarks.setLinksMark(ALL_LINKS, before);
      default:
        return revocation satisfies never;
    }
  }

  return async (
    revocation: LinkRevocation,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<RevokeLinksOutcome> => {
    const patientId = revocation.scope === "patient" ? revocation.patientId : undefined;
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [remembered, patient, marks, mark, head] = await read(
        memory.remembered(slotOf(keyed)),
        patients.patient(patientId ?? "none"),
        messages.marks(patientId ?? "none"),
        linkMarks.linksMark(revocation.scope === "sender" ? revocation.sender : ALL_LINKS),
        journal.head({ ...(patientId === undefined ? {} : { patientId }), actor: asking.actor }),
      );
      if (patientId !== undefined && patient === undefined) return "unknown-patient";
      const known = recall(keyed, remembered);
      if (known.kind === "conflict") return "idempotency-conflict";
      if (known.kind === "same") return "revoked";
      const at = now();
      const seen = revocation.scope === "patient" ? marks?.linksRevokedBefore : mark?.before;
      const before = laterMark(at.toISOString(), seen);
      const { scope, reason } = revocation;
      const outcome = await journal.commit(
        {
          ...asking,
          action: "links.revoked",
          ...(patientId === undefined ? {} : { patientId }),
          details: {
            scope,
            ...(revocation.scope === "sender" ? { sender: revocation.sender } : {}),
            reason,
            before,
          },
        },
        [markOf(revocation, before), ...remembering(memory, keyed, {}, at)],
        head ?? null,
      );
      if (outcome.kind === "committed") return "revoked";
    }
    throw new Error("the request stayed contended; no links were revoked");
  };
}
