import type { Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import { laterMark } from "../messaging/link-marks.ts";
import type { PatientMarks } from "../messaging/records.ts";
import type { Consequence } from "./refused-number.ts";

/** What ending a patient's links needs. */
export interface EndLinksPorts {
  readonly read: ReadSnapshot;
  readonly messages: {
    marks(patientId: string): Lookup<PatientMarks>;
    /** Kills every link of a patient that was made at `before` or earlier; a conflict where a later mark stands. */
    revokePatientLinks(patientId: string, before: string): Write;
  };
  readonly now: () => Date;
}

/**
 * Where a text or e-mail went is nobody's, or somebody else's: the patient's links, sessions and remembered
 * devices end, for nobody knows who else has them. What follows from the report at once, an e-mail in the
 * text's place, is made later than the mark and stands.
 */
export async function endLinks(
  { read, messages, now }: EndLinksPorts,
  patientId: string,
): Promise<Consequence> {
  const [marks] = await read(messages.marks(patientId));
  const before = laterMark(new Date(now().getTime() - 1).toISOString(), marks?.linksRevokedBefore);
  return {
    writes: [messages.revokePatientLinks(patientId, before)],
    details: { linksRevokedBefore: before },
  };
}
