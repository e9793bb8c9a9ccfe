import type { Write } from "../audit/journal.ts";
import type { Consequence } from "./refused-number.ts";

/** What ending a patient's links needs. */
export interface EndLinksPorts {
  readonly messages: {
    /** Kills every link of a patient that was made at `before` or earlier. */
    revokePatientLinks(patientId: string, before: string): Write;
  };
  readonly now: () => Date;
}

/**
 * Where a text or e-mail went is nobody's, or somebody else's: the patient's links, sessions and remembered
 * devices end, for nobody knows who else has them. What follows from the report at once, an e-mail in the
 * text's place, is made later than the mark and stands.
 */
export function endLinks({ messages, now }: EndLinksPorts, patientId: string): Consequence {
  const before = new Date(now().getTime() - 1).toISOString();
  return {
    writes: [messages.revokePatientLinks(patientId, before)],
    details: { linksRevokedBefore: before },
  };
}
