import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import type { ConsentState } from "../consent/records.ts";
import { revokeAll, type StopPorts } from "../consent/stop.ts";
import { type Channel, PURPOSES, type Purpose } from "../domain/words.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { Consequence } from "./refused-number.ts";

/** What ending consents over a complaint needs. */
export interface ComplaintPorts extends StopPorts {
  readonly read: ReadSnapshot;
  readonly consents: StopPorts["consents"] & {
    state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
  };
  readonly now: () => Date;
}

/** Who calls an e-mail spam wants no more: ends every consent of the patient to e-mails. */
export function createEndEmails(ports: ComplaintPorts) {
  return async ({ patientId, language }: AlertRecord, recordedBy: string): Promise<Consequence> => {
    const states = await ports.read(
      ...PURPOSES.map((purpose) => ports.consents.state(patientId, purpose, "email")),
    );
    const { consentIds, purposes, writes } = await revokeAll(
      ports,
      patientId,
      states.filter((state) => state !== undefined),
      { channel: "email", method: "email", evidence: null, recordedBy, language, at: ports.now() },
    );
    if (writes.length === 0) return { writes, details: {} };
    return { writes, details: { channel: "email", method: "email", consentIds, purposes } };
  };
}
